-- The tables as they stood when the repository was imported.
CREATE TABLE booking (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number        VARCHAR(16) NOT NULL UNIQUE,
    tour_id       BIGINT NOT NULL,
    status        VARCHAR(16) NOT NULL,
    booked_at     TIMESTAMP WITH TIME ZONE NOT NULL,
    option_until  TIMESTAMP WITH TIME ZONE
);

CREATE TABLE traveller (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id    BIGINT NOT NULL REFERENCES booking (id),
    first_name    VARCHAR(80) NOT NULL,
    last_name     VARCHAR(80) NOT NULL,
    born_on       DATE
);

CREATE TABLE payment (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id    BIGINT NOT NULL REFERENCES booking (id),
    amount_cents  BIGINT NOT NULL,
    received_on   DATE NOT NULL
);

CREATE TABLE allotment (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hotel_id      BIGINT NOT NULL,
    night         DATE NOT NULL,
    rooms         INTEGER NOT NULL,
    taken         INTEGER NOT NULL DEFAULT 0
);
