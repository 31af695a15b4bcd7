-- What points were exchanged for. What a reward is and costs stands in the rule set.

CREATE TABLE reward_stock (
  programme TEXT   NOT NULL,
  reward    TEXT   NOT NULL,     -- id in the rule set
  stock     BIGINT,              -- left to claim; NULL: without limit
  claimed   BIGINT NOT NULL,     -- without those that were cancelled
  PRIMARY KEY (programme, reward)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE reward_claim (
  programme  TEXT   NOT NULL,
  id         TEXT   NOT NULL,    -- cl_ and a UUIDv7
  caller_id  TEXT   NOT NULL,    -- the shop's own; '': none
  reward     TEXT   NOT NULL,
  member     TEXT   NOT NULL,
  account    TEXT   NOT NULL,    -- that has the claim's points now
  points     BIGINT NOT NULL,    -- the price
  coupon     TEXT   NOT NULL,    -- the code that came with it; '': none
  status     TEXT   NOT NULL,    -- open | fulfilled | cancelled
  claimed_at BIGINT NOT NULL,
  ended_at   BIGINT,
  record     BYTEA  NOT NULL,    -- ledger/codec.h: what was burned; its key has no source
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT */;
CREATE UNIQUE INDEX reward_claim_by_caller ON reward_claim (programme, caller_id) WHERE caller_id <> '';
CREATE INDEX reward_claim_by_reward ON reward_claim (programme, reward, id);
CREATE INDEX reward_claim_by_member ON reward_claim (programme, member);
