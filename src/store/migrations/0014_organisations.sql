-- Organisations: members whose points several people earn and spend.

-- For whom a member acts: the organisation's member, whose account is theirs as long; '': for nobody.
ALTER TABLE member ADD COLUMN acts_for TEXT NOT NULL DEFAULT '';
-- Who carries a card of an organisation: the member who acts for it; '': whose points they are.
ALTER TABLE card ADD COLUMN holder TEXT NOT NULL DEFAULT '';

-- What the organisation owns is its member's; the name stands there too.
CREATE TABLE organisation (
  programme   TEXT   NOT NULL,
  id          TEXT   NOT NULL,   -- the caller's
  member      TEXT   NOT NULL,
  valid_until BIGINT,            -- the contract's end, the first instant without it; NULL: open
  created_at  BIGINT NOT NULL,
  created_by  TEXT   NOT NULL,   -- name of the API key
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE UNIQUE INDEX organisation_by_member ON organisation (programme, member);

-- Who acted for it, and since when and until when last.
CREATE TABLE organisation_user (
  programme    TEXT   NOT NULL,
  organisation TEXT   NOT NULL,
  member       TEXT   NOT NULL,
  role         TEXT   NOT NULL,  -- manager | user
  since        BIGINT NOT NULL,
  until        BIGINT,           -- NULL: they still do
  actor        TEXT   NOT NULL,  -- name of the API key that said so
  PRIMARY KEY (programme, organisation, member)
) /*sqlite: STRICT, WITHOUT ROWID */;

-- Whom one of them invited: has the organisation's benefits and an account of their own.
CREATE TABLE organisation_guest (
  programme    TEXT   NOT NULL,
  organisation TEXT   NOT NULL,
  member       TEXT   NOT NULL,
  host         TEXT   NOT NULL,  -- the user
  since        BIGINT NOT NULL,
  until        BIGINT,           -- the first instant without; NULL: as long as the contract runs
  actor        TEXT   NOT NULL,
  PRIMARY KEY (programme, organisation, member)
) /*sqlite: STRICT, WITHOUT ROWID */;
-- With all that is asked for, so that no plan prefers the whole programme.
CREATE INDEX organisation_guest_by_member
  ON organisation_guest (programme, member, since, until, host, actor);
