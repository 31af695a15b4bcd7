-- What Apple's web service knows of phones: devices, the cards registered on them, their logs.

-- A device library identifier; Apple makes one per device, pass type and web service, so it belongs to
-- one programme.
CREATE TABLE device (
  programme     TEXT   NOT NULL,
  id            TEXT   NOT NULL,   -- deviceLibraryIdentifier
  push_token    TEXT   NOT NULL,   -- the newest
  registered_at BIGINT NOT NULL,   -- the last registration, repeated ones count
  listed_at     BIGINT,            -- asked what has changed; never: NULL
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE registration (
  programme     TEXT   NOT NULL,
  device        TEXT   NOT NULL,
  card          TEXT   NOT NULL,
  registered_at BIGINT NOT NULL,
  PRIMARY KEY (programme, device, card)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX registration_by_card ON registration (programme, card, device, registered_at);

-- The last fetch of a card's pass by any phone, for the trace.
CREATE TABLE pass_fetch (
  programme  TEXT   NOT NULL,
  card       TEXT   NOT NULL,
  fetched_at BIGINT NOT NULL,
  status     BIGINT NOT NULL,      -- 200 | 304
  revision   BIGINT NOT NULL,      -- that the phone has since then
  PRIMARY KEY (programme, card)
) /*sqlite: STRICT, WITHOUT ROWID */;

-- What phones report. Anybody can write here: bounded in size, rate and number.
CREATE TABLE device_log (
  programme TEXT   NOT NULL,       -- '' if the message names none of ours
  id        TEXT   NOT NULL,       -- UUIDv7 in hex
  logged_at BIGINT NOT NULL,
  serial    TEXT   NOT NULL,       -- '' if the message names none
  kind      TEXT   NOT NULL,       -- of the catalogue; 'other'
  message   TEXT   NOT NULL,
  PRIMARY KEY (programme, id)
) /*sqlite: STRICT, WITHOUT ROWID */;
CREATE INDEX device_log_by_serial ON device_log (programme, serial, id);
