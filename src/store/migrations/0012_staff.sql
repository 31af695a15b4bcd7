-- Whose key it is, and what staff gave by hand.

ALTER TABLE api_key ADD COLUMN member TEXT NOT NULL DEFAULT '';  -- '': nobody's

CREATE TABLE given_by_hand (
  programme   TEXT   NOT NULL,
  day         BIGINT NOT NULL,   -- since 1970-01-01, in the programme's zone
  actor       TEXT   NOT NULL,   -- name of the API key
  given       BIGINT NOT NULL,
  taken       BIGINT NOT NULL,
  adjustments BIGINT NOT NULL,
  PRIMARY KEY (programme, day, actor)
) /*sqlite: STRICT, WITHOUT ROWID */;
