-- Who brings whom, and what both get for it.

CREATE TABLE promoter (
  programme  TEXT   NOT NULL,
  id         TEXT   NOT NULL,   -- p_ and a UUIDv7
  member     TEXT   NOT NULL,
  code       TEXT   NOT NULL,   -- in links: unique over all programmes
  key_id     TEXT   NOT NULL,   -- of the master key that signs the link
  rate_ppm   BIGINT,            -- instead of the rule's; NULL: the rule's
  created_at BIGINT NOT NULL,
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT */;
CREATE UNIQUE INDEX promoter_by_member ON promoter (programme, member);
CREATE UNIQUE INDEX promoter_by_code ON promoter (code);

-- By whom somebody was brought. The first counts.
CREATE TABLE referral (
  programme  TEXT   NOT NULL,
  friend     TEXT   NOT NULL,   -- member
  promoter   TEXT   NOT NULL,   -- '': nobody; the token that came was refused
  refusal    TEXT   NOT NULL,   -- a warning's code; '': none
  actor      TEXT   NOT NULL,   -- name of the API key that told
  created_at BIGINT NOT NULL,
  PRIMARY KEY (programme, friend)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX referral_by_promoter ON referral (programme, promoter, friend);

-- What one side of an order is to get, and got: a task of its own.
CREATE TABLE referral_reward (
  programme  TEXT   NOT NULL,
  id         TEXT   NOT NULL,   -- rf_ and a UUIDv7
  rule       TEXT   NOT NULL,
  source     TEXT   NOT NULL,   -- of the friend's order
  order_id   TEXT   NOT NULL,
  side       TEXT   NOT NULL,   -- friend | promoter
  promoter   TEXT   NOT NULL,
  friend     TEXT   NOT NULL,
  member     TEXT   NOT NULL,   -- who gets it
  account    TEXT   NOT NULL,   -- that has the points now; '': none has yet
  rule_set   BIGINT NOT NULL,   -- the version that judged the order
  ppm        BIGINT NOT NULL,
  state      TEXT   NOT NULL,   -- waiting | given | refused | reversed
  refusal    TEXT   NOT NULL,   -- why nothing was given
  paid       BIGINT NOT NULL,   -- what the friend had paid and not got back, as it was given
  refunded   BIGINT NOT NULL,   -- of the friend's order, as far as it was looked at
  points     BIGINT NOT NULL,   -- given
  limits     TEXT   NOT NULL,   -- JSON: what limits had left
  period     TEXT   NOT NULL,   -- of the limit for each member that counted it; '': none did
  entry      TEXT   NOT NULL,
  active_at  BIGINT,            -- of the points; NULL: none were given
  created_at BIGINT NOT NULL,
  due_at     BIGINT,            -- when it is to be looked at; NULL: there is nothing to do
  record     BYTEA  NOT NULL,   -- ledger/codec.h: the points as an order; its key has no source
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT */;
CREATE UNIQUE INDEX referral_reward_by_order ON referral_reward (programme, source, order_id, rule, side);
CREATE INDEX referral_reward_by_friend ON referral_reward (programme, friend);
CREATE INDEX referral_reward_by_promoter ON referral_reward (programme, promoter, id);
CREATE INDEX referral_reward_due ON referral_reward (due_at) WHERE due_at IS NOT NULL;
