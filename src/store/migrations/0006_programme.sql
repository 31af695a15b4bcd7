-- A programme's rules: published rule sets, which never change, and the draft of the next one.

CREATE TABLE rule_set (
  programme      TEXT   NOT NULL,
  version        BIGINT NOT NULL,   -- from 1, without gaps
  hash           TEXT   NOT NULL,   -- SHA-256 of the content, in hex
  effective_from BIGINT NOT NULL,   -- judges what was paid then or later, until a later version does
  author         TEXT   NOT NULL,
  published_by   TEXT   NOT NULL,
  published_at   BIGINT NOT NULL,
  comment        TEXT   NOT NULL,
  content        TEXT   NOT NULL,   -- JSON, as assets/ruleset.schema.json states it
  PRIMARY KEY (programme, version)
) /*sqlite: STRICT */;

CREATE TABLE rule_draft (
  programme  TEXT   NOT NULL,
  etag       TEXT   NOT NULL,       -- as rule_set.hash
  content    TEXT   NOT NULL,       -- JSON
  author     TEXT   NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (programme)
) /*sqlite: STRICT */;

-- What rules may know of a member: sums over all orders, refunds taken off. A row begins with the
-- first order that is judged while some rule set looks at it, with the sums of all orders before.
CREATE TABLE member_progress (
  programme     TEXT   NOT NULL,
  member        TEXT   NOT NULL,
  orders        BIGINT NOT NULL,   -- of which something is left
  spend         BIGINT NOT NULL,   -- minor units, paid by money
  points_earned BIGINT NOT NULL,
  last_order_at BIGINT,            -- when it was paid
  counters      TEXT   NOT NULL,   -- JSON {"used": [[rule, period, amount]], "granted": [[rule, occurrence]],
                                   --   "days": [[day since 1970, orders, spend, points]]}
  PRIMARY KEY (programme, member)
) /*sqlite: STRICT, WITHOUT ROWID */;

-- What was granted from a budget of the rules, less what refunds gave back.
CREATE TABLE budget (
  programme TEXT   NOT NULL,
  id        TEXT   NOT NULL,
  spent     BIGINT NOT NULL,
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE customer_group (
  programme TEXT NOT NULL,
  id        TEXT NOT NULL,
  name      TEXT NOT NULL,
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE group_member (
  programme TEXT NOT NULL,
  member    TEXT NOT NULL,
  group_id  TEXT NOT NULL,
  PRIMARY KEY (programme, member, group_id)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX group_member_by_group ON group_member (programme, group_id);
