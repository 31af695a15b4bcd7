-- Members, cards, orders, designs, idempotency, API keys.
--
-- Released migrations are never edited: a change is a new file. The SQL is what SQLite and PostgreSQL
-- share; "/*sqlite: ... */" is a comment to PostgreSQL. Instants are microseconds since 1970 (UTC).
--
-- No foreign keys: one adapter writes these tables, and engines that shard by programme cannot check
-- keys across shards. No index on a column that nothing looks up: pages written are what a commit costs.
--
-- WITHOUT ROWID where rows are small and found by their key (the key's tree holds the row, one page
-- instead of two); tables of large rows keep the rowid, because it makes for shallow trees.

CREATE TABLE member (
  programme  TEXT   NOT NULL,
  id         TEXT   NOT NULL,
  account    TEXT   NOT NULL,   -- in the ledger
  merged_into TEXT  NOT NULL,   -- '' if not
  name       TEXT   NOT NULL,
  locale     TEXT   NOT NULL,
  birthday   TEXT,              -- YYYY-MM-DD
  attributes TEXT   NOT NULL,   -- a flat JSON object
  erased     BIGINT NOT NULL,   -- 0 or 1
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  time_zone  TEXT   NOT NULL,   -- IANA; '': the programme's
  opted_in   BIGINT NOT NULL,   -- 0 or 1
  opted_at   BIGINT,            -- when that was said; never: NULL
  opted_by   TEXT   NOT NULL,   -- by which API key
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX member_by_merger ON member (programme, merged_into) WHERE merged_into <> '';
-- Whose birthday it is in a zone; which zones there are is read from it too.
CREATE INDEX member_by_birthday ON member (programme, time_zone, substr(birthday, 6), id)
  WHERE birthday IS NOT NULL;

-- The key is what makes sixteen parallel first orders of one person one member.
CREATE TABLE member_identity (
  programme   TEXT NOT NULL,
  type        TEXT NOT NULL,    -- phone | email
  value       TEXT NOT NULL,    -- E.164 or a normalised address
  member      TEXT NOT NULL,
  verified_at BIGINT,
  merged      BIGINT NOT NULL,  -- 1: it came with a merged member, the member's own is shown
  PRIMARY KEY (programme, type, value)
) /*sqlite: STRICT, WITHOUT ROWID */;
-- Covering: without statistics SQLite would else rather walk through all identities of the programme.
CREATE INDEX member_identity_by_member
  ON member_identity (programme, member, type, value, verified_at, merged);

-- link_token and serial are bearer secrets and stand here in plain text: pages, bundles and QR codes
-- print them again and again, so a hash would not do. Who can read this table can open cards; it holds
-- their owners' phone numbers as well.
CREATE TABLE card (
  programme     TEXT   NOT NULL,
  id            TEXT   NOT NULL,
  member        TEXT   NOT NULL,  -- '' until somebody gets it
  number        TEXT   NOT NULL,
  template      TEXT   NOT NULL,
  status        TEXT   NOT NULL,  -- active | blocked | closed
  status_reason TEXT   NOT NULL,
  blocked_until BIGINT,
  link_token    TEXT   NOT NULL,
  serial        TEXT   NOT NULL,
  google_suffix TEXT   NOT NULL,
  key_id        TEXT   NOT NULL,
  revision      BIGINT NOT NULL,
  changed_at    BIGINT NOT NULL,  -- whole seconds
  created_at    BIGINT NOT NULL,
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX card_by_member ON card (programme, member, created_at);
CREATE INDEX card_by_template ON card (programme, template, changed_at);
CREATE UNIQUE INDEX card_by_link_token ON card (link_token);
CREATE UNIQUE INDEX card_by_serial ON card (serial);
CREATE INDEX card_by_blocked_until ON card (blocked_until) WHERE blocked_until IS NOT NULL;

-- Every number that is or was in use, so that none is given out twice and old ones resolve.
CREATE TABLE card_number (
  programme   TEXT   NOT NULL,
  number      TEXT   NOT NULL,
  card        TEXT   NOT NULL,
  compromised BIGINT NOT NULL,  -- 0 or 1
  PRIMARY KEY (programme, number)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX card_number_by_card ON card_number (programme, card);

CREATE TABLE shop_order (
  programme   TEXT   NOT NULL,
  source      TEXT   NOT NULL,
  id          TEXT   NOT NULL,
  fingerprint TEXT   NOT NULL,
  member      TEXT   NOT NULL,
  card        TEXT   NOT NULL,
  account     TEXT   NOT NULL,   -- that it was paid on, in the ledger
  total_minor BIGINT NOT NULL,
  paid_at     BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  body        TEXT   NOT NULL,  -- JSON
  answer      TEXT   NOT NULL,  -- JSON
  record      BYTEA  NOT NULL,  -- ledger::EncodeOrder
  PRIMARY KEY (programme, source, id)
) /*sqlite: STRICT */;
CREATE INDEX shop_order_by_member ON shop_order (programme, member);

CREATE TABLE design_version (
  programme    TEXT   NOT NULL,
  template     TEXT   NOT NULL,
  version      BIGINT NOT NULL,
  hash         TEXT   NOT NULL,
  kind         TEXT   NOT NULL,
  ring         BIGINT NOT NULL,
  reach        BIGINT NOT NULL,  -- the widest that ring ever was
  changed_at   BIGINT NOT NULL,
  published_at BIGINT NOT NULL,
  author       TEXT   NOT NULL,
  published_by TEXT   NOT NULL,
  comment      TEXT   NOT NULL,
  withdrawn_at BIGINT,           -- by the last roll-back that took it from cards; none did: NULL
  withdrawn_by TEXT,
  withdrawn_because TEXT,
  PRIMARY KEY (programme, template, version)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE design_file (
  programme TEXT   NOT NULL,
  template  TEXT   NOT NULL,
  version   BIGINT NOT NULL,
  path      TEXT   NOT NULL,
  content   BYTEA  NOT NULL,
  PRIMARY KEY (programme, template, version, path)
) /*sqlite: STRICT */;

CREATE TABLE template_draft (
  programme  TEXT   NOT NULL,
  template   TEXT   NOT NULL,
  etag       TEXT   NOT NULL,
  author     TEXT   NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (programme, template)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE draft_file (
  programme TEXT  NOT NULL,
  template  TEXT  NOT NULL,
  path      TEXT  NOT NULL,
  content   BYTEA NOT NULL,
  PRIMARY KEY (programme, template, path)
) /*sqlite: STRICT */;

-- By content, over all programmes: the same picture is the same row.
CREATE TABLE image (
  sha256  TEXT  NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (sha256)
) /*sqlite: STRICT */;

-- The scope begins with the programme.
CREATE TABLE stored_answer (
  scope       TEXT   NOT NULL,
  key         TEXT   NOT NULL,
  fingerprint TEXT   NOT NULL,
  status      BIGINT NOT NULL,
  body        BYTEA  NOT NULL,
  member      TEXT,              -- whose personal data the body holds
  expires_at  BIGINT NOT NULL,
  PRIMARY KEY (scope, key)
) /*sqlite: STRICT */;
CREATE INDEX stored_answer_by_expiry ON stored_answer (expires_at);
CREATE INDEX stored_answer_by_member ON stored_answer (member) WHERE member IS NOT NULL;

CREATE TABLE api_key (
  programme   TEXT   NOT NULL,
  id          TEXT   NOT NULL,
  name        TEXT   NOT NULL,
  roles       TEXT   NOT NULL,  -- separated by commas
  secret_hash TEXT   NOT NULL,
  source      TEXT   NOT NULL,
  created_at  BIGINT NOT NULL,
  revoked_at  BIGINT,
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE UNIQUE INDEX api_key_by_id ON api_key (id);

CREATE TABLE setting (
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
) /*sqlite: STRICT, WITHOUT ROWID */;
