-- Codes that bring a coupon of the rules to an order.

CREATE TABLE coupon_code (
  programme   TEXT   NOT NULL,
  key         TEXT   NOT NULL,   -- the code as it is compared: without regard to case
  code        TEXT   NOT NULL,   -- as it was made
  coupon      TEXT   NOT NULL,   -- id in the rule set
  member      TEXT   NOT NULL,   -- only this one may use it; '': anybody
  uses        BIGINT NOT NULL,   -- less those that full refunds gave back
  uses_max    BIGINT,            -- NULL: without limit
  valid_from  BIGINT,            -- NULL: at once
  valid_until BIGINT,            -- not included; NULL: for ever
  void_reason TEXT   NOT NULL,   -- why it was made void; '': it was not
  actor       TEXT   NOT NULL,   -- name of the API key that made it
  PRIMARY KEY (programme, key)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX coupon_code_by_coupon ON coupon_code (programme, coupon, key);
CREATE INDEX coupon_code_by_member ON coupon_code (programme, member, key) WHERE member <> '';
