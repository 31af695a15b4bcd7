-- What Google Wallet is known to hold.

CREATE TABLE google_object (
  programme   TEXT   NOT NULL,
  card        TEXT   NOT NULL,
  inserted_at BIGINT,              -- known to exist there since; NULL: not known
  patched_at  BIGINT,
  has_users   BIGINT NOT NULL,     -- 0 | 1: somebody has it in their wallet, as far as we were told
  notified    TEXT   NOT NULL,     -- JSON list of the instants of the last day's notifying changes
  failure     TEXT   NOT NULL,     -- of the last attempt; '' if none
  PRIMARY KEY (programme, card)
) /*sqlite: STRICT, WITHOUT ROWID */;

-- Callbacks seen, so that none counts twice.
CREATE TABLE callback_nonce (
  programme  TEXT   NOT NULL,
  nonce      TEXT   NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (programme, nonce)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX callback_nonce_by_expiry ON callback_nonce (expires_at);

-- Requests that may still be made now, over all processes.
CREATE TABLE request_budget (
  programme   TEXT   NOT NULL,
  name        TEXT   NOT NULL,
  left_over   BIGINT NOT NULL,
  refilled_at BIGINT NOT NULL,
  PRIMARY KEY (programme, name)
) /*sqlite: STRICT, WITHOUT ROWID */;
