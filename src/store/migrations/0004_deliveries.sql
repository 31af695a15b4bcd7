-- How far the promises to phones are kept. Work is claimed by moving due_at into the future (a lease):
-- who dies leaves it to the next.

-- One push per device tells it of all its cards.
CREATE TABLE device_push (
  programme   TEXT   NOT NULL,
  device      TEXT   NOT NULL,
  due_at      BIGINT,              -- when to push, or to look whether it asked; never: NULL
  wanted      BIGINT NOT NULL,     -- changes to tell so far
  told        BIGINT NOT NULL,     -- of these; the promise is kept when told = wanted
  wanted_at   BIGINT,              -- the first change not told yet; NULL: all are told
  pushed_at   BIGINT,              -- the last push that APNs accepted; never: NULL
  apns_id     TEXT   NOT NULL,     -- of that push
  rested_at   BIGINT NOT NULL,     -- when the phone's whole budget of pushes is there again
  asked_again BIGINT NOT NULL,     -- 0 | 1: it was pushed again because it did not ask
  attempts    BIGINT NOT NULL,     -- failed ones since the last success
  failure     TEXT   NOT NULL,     -- of the last attempt; '' if none
  PRIMARY KEY (programme, device)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX device_push_by_due ON device_push (programme, due_at) WHERE due_at IS NOT NULL;

-- Telling the phones of a template's cards that its design has changed, a few a second.
CREATE TABLE rollout (
  programme  TEXT   NOT NULL,
  template   TEXT   NOT NULL,
  version    BIGINT NOT NULL,
  ring       BIGINT NOT NULL,      -- percent of the cards that are concerned
  state      TEXT   NOT NULL,      -- running | paused | cancelled | done
  per_second BIGINT NOT NULL,      -- cards
  after_card TEXT   NOT NULL,      -- the last one that was looked at
  seen       BIGINT NOT NULL,      -- cards
  told       BIGINT NOT NULL,      -- of these, in the ring
  due_at     BIGINT,               -- when to go on; NULL: not by itself
  started_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (programme, template)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX rollout_by_due ON rollout (due_at) WHERE due_at IS NOT NULL;
