-- Which level members were last seen on: what their cards show.

CREATE TABLE member_tier (
  programme TEXT   NOT NULL,
  member    TEXT   NOT NULL,
  level     TEXT   NOT NULL,   -- name; '': below the first
  since     BIGINT NOT NULL,
  metric    BIGINT NOT NULL,   -- what counted then: minor units, points or orders
  rule_set  BIGINT NOT NULL,   -- the version by which
  due_at    BIGINT,            -- when time alone changes the level or what counts; NULL: never
  falls_at  BIGINT,            -- when the level falls if nothing happens before; NULL: it stays
  falls_to  TEXT   NOT NULL,   -- name of the level below; '': none
  PRIMARY KEY (programme, member)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX member_tier_due ON member_tier (due_at) WHERE due_at IS NOT NULL;

-- Cards that show the design of their member's level, and what they go back to.
CREATE TABLE own_template (
  programme TEXT NOT NULL,
  card      TEXT NOT NULL,   -- id
  template  TEXT NOT NULL,
  PRIMARY KEY (programme, card)
) /*sqlite: STRICT, WITHOUT ROWID */;
