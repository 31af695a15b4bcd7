-- What Google Wallet is known to hold, and what it is to be told. Work is claimed by a lease: who dies
-- leaves it to the next.

-- A row for each card that somebody wanted in Google Wallet. Whether it is up to date, and when to try
-- again, says table delivery, channel google.
CREATE TABLE google_object (
  programme     TEXT   NOT NULL,
  card          TEXT   NOT NULL,
  suffix        TEXT   NOT NULL,   -- card.google_suffix: what callbacks name it by
  inserted_at   BIGINT,            -- known to exist there since; NULL: not known
  patched_at    BIGINT,            -- when it last became what the card was
  sent_revision BIGINT NOT NULL,   -- of the card, as Google has it; 0: none
  shown         TEXT   NOT NULL,   -- JSON: the balances that Google has, whose change may notify
  announced     TEXT   NOT NULL,   -- JSON: digests of the field values whose change a message tells
  message       TEXT   NOT NULL,   -- JSON: the message that is to be added yet; '' if none
  notified      TEXT   NOT NULL,   -- JSON list of the instants of the last day's notifying changes
  has_users     BIGINT NOT NULL,   -- 0 | 1: somebody has it in their wallet, as far as we were told
  checked_at    BIGINT NOT NULL,   -- when Google was last asked for that; 0: to be asked soon
  callback      TEXT   NOT NULL,   -- the last one: save | del | '' for none yet
  callback_at   BIGINT,
  attempts      BIGINT NOT NULL,   -- failed ones since the last success
  failure       TEXT   NOT NULL,   -- of the last attempt; '' if none
  PRIMARY KEY (programme, card)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE UNIQUE INDEX google_object_by_suffix ON google_object (programme, suffix);
CREATE INDEX google_object_by_check ON google_object (programme, checked_at)
  WHERE inserted_at IS NOT NULL;
CREATE INDEX delivery_of_google ON delivery (programme, due_at)
  WHERE channel = 'google' AND due_at IS NOT NULL;

-- One class for each template of a programme; due since it was published.
CREATE TABLE google_class (
  programme    TEXT   NOT NULL,
  template     TEXT   NOT NULL,
  sent_version BIGINT NOT NULL,   -- that Google has; 0: none
  due_at       BIGINT,            -- when to insert or patch it; NULL: Google has it
  lease_until  BIGINT NOT NULL,
  attempts     BIGINT NOT NULL,
  failure      TEXT   NOT NULL,
  PRIMARY KEY (programme, template)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX google_class_by_due ON google_class (programme, due_at) WHERE due_at IS NOT NULL;
INSERT INTO google_class (programme, template, sent_version, due_at, lease_until, attempts, failure)
  SELECT DISTINCT programme, template, 0, 0, 0, 0, '' FROM design_version;

-- Callbacks seen, so that none counts twice.
CREATE TABLE callback_nonce (
  programme  TEXT   NOT NULL,
  nonce      TEXT   NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (programme, nonce)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX callback_nonce_by_expiry ON callback_nonce (programme, expires_at);

-- How far the requests of one service account are spread out, over all processes and programmes.
CREATE TABLE request_budget (
  name    TEXT   NOT NULL,   -- its e-mail address
  free_at BIGINT NOT NULL,   -- when all that were made would have been made at an even pace
  PRIMARY KEY (name)
) /*sqlite: STRICT, WITHOUT ROWID */;
