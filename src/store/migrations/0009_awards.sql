-- Points for what is no order: occasions of the calendar, and what members do.

-- What was given once: the key is what makes it once.
CREATE TABLE award (
  programme  TEXT   NOT NULL,
  member     TEXT   NOT NULL,
  rule       TEXT   NOT NULL,
  occurrence TEXT   NOT NULL,   -- "2026"
  given_at   BIGINT NOT NULL,
  rule_set   BIGINT NOT NULL,   -- the version that judged
  count      BIGINT NOT NULL,
  points     BIGINT NOT NULL,
  entry      TEXT   NOT NULL,   -- of the journal
  limits     TEXT   NOT NULL,   -- JSON: what limits had left
  PRIMARY KEY (programme, member, rule, occurrence)
) /*sqlite: STRICT, WITHOUT ROWID */;

-- How far the calendar of a programme was worked through.
CREATE TABLE calendar_place (
  programme    TEXT   NOT NULL,
  due_at       BIGINT NOT NULL,  -- all occasions before this one are done
  rule         TEXT   NOT NULL,
  zone         TEXT   NOT NULL,
  occurrence   TEXT   NOT NULL,
  born         TEXT   NOT NULL,  -- MM-DD; '': everybody
  member       TEXT   NOT NULL,  -- of this one, members up to here are done
  done         BIGINT NOT NULL,  -- 0 or 1
  leased_until BIGINT NOT NULL,
  PRIMARY KEY (programme)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE event (
  programme   TEXT   NOT NULL,
  source      TEXT   NOT NULL,
  id          TEXT   NOT NULL,
  case_id     TEXT   NOT NULL,  -- '' unless it is moderated
  fingerprint TEXT   NOT NULL,
  type        TEXT   NOT NULL,  -- the action's id
  member      TEXT   NOT NULL,
  subject     TEXT   NOT NULL,
  quantity    BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  rule_set    BIGINT NOT NULL,
  state       TEXT   NOT NULL,  -- done | waiting | approved | rejected
  proof       TEXT   NOT NULL,  -- erasable
  points      BIGINT NOT NULL,
  entry       TEXT   NOT NULL,
  refusal     TEXT   NOT NULL,
  reason      TEXT   NOT NULL,
  decided_by  TEXT   NOT NULL,
  PRIMARY KEY (programme, source, id)
) /*sqlite: STRICT */;
CREATE INDEX event_by_case ON event (programme, state, case_id) WHERE case_id <> '';
CREATE INDEX event_by_member ON event (programme, member);
