-- The points ledger: accounts, their journals, lots, holds, refunds, notes; deliveries.
--
-- The journal (table entry) is the truth; account and lot are what folding it gives, kept so that a
-- command need not fold. What a command usually needs lies in the account's own row: one page.

CREATE TABLE account (
  programme TEXT   NOT NULL,
  id        TEXT   NOT NULL,
  sequence  BIGINT NOT NULL,   -- of its last entry
  head      BYTEA  NOT NULL,   -- hash of that entry
  next_due  BIGINT,            -- when time alone changes it; never: NULL
  far_lots  BIGINT NOT NULL,   -- open lots that stand in table lot
  state     BYTEA  NOT NULL,   -- ledger::EncodeState, with the lots that are spent first
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT */;
CREATE INDEX account_by_due ON account (next_due) WHERE next_due IS NOT NULL;

-- Lots that are not in the account's row: closed ones, and open ones beyond the first few dozen.
CREATE TABLE lot (
  programme  TEXT   NOT NULL,
  account    TEXT   NOT NULL,
  id         BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,  -- 2^63 - 1: never
  available  BIGINT NOT NULL,
  due        BIGINT,           -- when time alone changes it
  state      BYTEA  NOT NULL,  -- ledger::EncodeLot
  PRIMARY KEY (programme, account, id)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX lot_in_spend_order ON lot (programme, account, expires_at, id) WHERE available > 0;
CREATE INDEX lot_by_due ON lot (programme, account, due) WHERE due IS NOT NULL;

CREATE TABLE entry (
  programme TEXT   NOT NULL,
  account   TEXT   NOT NULL,
  sequence  BIGINT NOT NULL,
  body      BYTEA  NOT NULL,
  hash      BYTEA  NOT NULL,
  PRIMARY KEY (programme, account, sequence)
) /*sqlite: STRICT, WITHOUT ROWID */;

-- What people wrote beside entries; erasable, unlike them.
CREATE TABLE entry_note (
  programme TEXT   NOT NULL,
  account   TEXT   NOT NULL,
  sequence  BIGINT NOT NULL,
  salt      BYTEA  NOT NULL,
  note      TEXT   NOT NULL,   -- JSON
  PRIMARY KEY (programme, account, sequence)
) /*sqlite: STRICT */;

-- Where a hold is. An open one lies in its account.
CREATE TABLE hold (
  programme TEXT NOT NULL,
  id        TEXT NOT NULL,
  account   TEXT NOT NULL,
  card      TEXT NOT NULL,     -- that was shown for it; '' if none
  ended     BYTEA,             -- ledger::EncodeHold, once it has ended
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX hold_by_account ON hold (programme, account);

CREATE TABLE refund (
  programme    TEXT   NOT NULL,
  source       TEXT   NOT NULL,
  order_id     TEXT   NOT NULL,
  id           TEXT   NOT NULL,
  fingerprint  TEXT   NOT NULL,
  received_at  BIGINT NOT NULL,
  answer       TEXT   NOT NULL,  -- JSON
  PRIMARY KEY (programme, source, order_id, id)
) /*sqlite: STRICT */;

-- Refunds that came before their order.
CREATE TABLE parked_refund (
  programme    TEXT   NOT NULL,
  source       TEXT   NOT NULL,
  order_id     TEXT   NOT NULL,
  id           TEXT   NOT NULL,
  fingerprint  TEXT   NOT NULL,
  received_at  BIGINT NOT NULL,
  request      TEXT   NOT NULL,  -- JSON
  actor        TEXT   NOT NULL,
  PRIMARY KEY (programme, source, order_id, id)
) /*sqlite: STRICT */;
CREATE INDEX parked_refund_by_time ON parked_refund (received_at);

-- The promise to tell a wallet of a card's newest revision: kept when sent = wanted. There is a row
-- only for cards that somebody has in that wallet.
CREATE TABLE delivery (
  programme TEXT   NOT NULL,
  card      TEXT   NOT NULL,
  channel   TEXT   NOT NULL,   -- apple | google
  wanted    BIGINT NOT NULL,   -- a revision
  sent      BIGINT NOT NULL,
  due_at    BIGINT,            -- when to tell (again); nothing to tell: NULL. Who works on it moves it
                               -- into the future (a lease), so that who dies leaves it to the next
  attempts  BIGINT NOT NULL,   -- failed ones since the last success
  PRIMARY KEY (programme, card, channel)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX delivery_by_due ON delivery (channel, due_at) WHERE due_at IS NOT NULL;
