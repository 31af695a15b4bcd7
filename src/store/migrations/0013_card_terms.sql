-- What a card or a member has for itself: a rate, a price, paid memberships, who told attributes.
-- A card whose price was not paid yet has the status 'pending'.

CREATE TABLE card_terms (
  programme   TEXT   NOT NULL,
  card        TEXT   NOT NULL,   -- id
  rate_ppm    BIGINT,            -- beats the tier's where rules say "rate": "card"; NULL: none
  price_minor BIGINT NOT NULL,   -- 0: it is given away
  paid_at     BIGINT,            -- NULL: it was not sold, or awaits its payment
  payment     TEXT   NOT NULL,   -- what the caller calls the payment; '': none
  PRIMARY KEY (programme, card)
) /*sqlite: STRICT, WITHOUT ROWID */;

-- A paid period of a plan; a renewal is another one.
CREATE TABLE membership (
  programme    TEXT   NOT NULL,
  id           TEXT   NOT NULL,   -- the caller's
  member       TEXT   NOT NULL,
  plan         TEXT   NOT NULL,   -- of the rule set
  price_minor  BIGINT NOT NULL,
  source       TEXT   NOT NULL,   -- of the order that paid for it; '': not said
  order_id     TEXT   NOT NULL,
  starts_at    BIGINT NOT NULL,
  ends_at      BIGINT NOT NULL,
  lapses_at    BIGINT NOT NULL,   -- with the grace
  cancelled_at BIGINT,            -- NULL: it was not
  actor        TEXT   NOT NULL,   -- name of the API key
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT */;
CREATE INDEX membership_by_member ON membership (programme, member, lapses_at);

-- Who gave an attribute of a member, if it was not the shop.
CREATE TABLE attribute_source (
  programme TEXT NOT NULL,
  member    TEXT NOT NULL,
  name      TEXT NOT NULL,
  source    TEXT NOT NULL,   -- client | shop | social
  PRIMARY KEY (programme, member, name)
) /*sqlite: STRICT, WITHOUT ROWID */;
