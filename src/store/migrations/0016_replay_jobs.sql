-- Replays that nobody waits for on a line: any process runs them and tells of them.

CREATE TABLE replay_job (
  programme  TEXT   NOT NULL,
  id         TEXT   NOT NULL,   -- later ones sort later
  status     TEXT   NOT NULL,   -- waiting | running | done | failed | cancelled
  from_at    BIGINT NOT NULL,   -- orders paid then or later
  to_at      BIGINT NOT NULL,   -- and before
  examples   BIGINT NOT NULL,   -- how many differences the result names at most
  draft      TEXT   NOT NULL,   -- the rules, JSON; '' once it has ended
  read_count BIGINT NOT NULL,   -- orders that were looked at
  judged     BIGINT NOT NULL,
  to_judge   BIGINT,            -- NULL: not all are read
  result     TEXT   NOT NULL,   -- JSON, as the API answers it; '' unless done
  problem    TEXT   NOT NULL,   -- why it failed; '' unless it did
  created_at BIGINT NOT NULL,
  due_at     BIGINT,            -- from when on a process may take it; NULL: it has ended
  worker     TEXT   NOT NULL,   -- who took it last; '': nobody
  attempts   BIGINT NOT NULL,   -- how often it was taken
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX replay_job_due ON replay_job (due_at) WHERE due_at IS NOT NULL;
