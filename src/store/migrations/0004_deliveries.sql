-- How far the promises to phones are kept. Work is claimed by moving due_at into the future (a lease):
-- who dies leaves it to the next.

-- One push per device tells it of all its cards.
CREATE TABLE device_push (
  programme TEXT   NOT NULL,
  device    TEXT   NOT NULL,
  due_at    BIGINT,                -- when to push (again); NULL: nothing to tell
  pushed_at BIGINT,                -- accepted by APNs; never: NULL
  apns_id   TEXT   NOT NULL,       -- of that push
  spent     BIGINT NOT NULL,       -- of the burst that the phone allows
  attempts  BIGINT NOT NULL,       -- failed ones since the last success
  failure   TEXT   NOT NULL,       -- of the last attempt; '' if none
  PRIMARY KEY (programme, device)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX device_push_by_due ON device_push (due_at) WHERE due_at IS NOT NULL;
