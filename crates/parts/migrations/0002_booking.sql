-- Places of a kind of record of some feature: an open day, a conference, a club. Everything about one pool is
-- settled one after the other.
CREATE TABLE booking_pool (
    id {id},
    owner_kind TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    offer_minutes BIGINT NOT NULL,
    passes BOOLEAN NOT NULL,
    serving BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX booking_pool_owner ON booking_pool (owner_kind, owner_id);

-- How many seats there are of something within a pool. A booking may count in several at once. The check is
-- the last word against overselling.
CREATE TABLE booking_quota (
    id {id},
    pool_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    key_id BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    per_holder BIGINT NOT NULL,
    used BIGINT NOT NULL,
    CHECK (used >= 0 AND used <= capacity)
);
CREATE UNIQUE INDEX booking_quota_key ON booking_quota (pool_id, kind, key_id);

-- A party with its places, or its place in the line.
CREATE TABLE booking (
    id {id},
    pool_id BIGINT NOT NULL,
    slot_id BIGINT NOT NULL,
    holder_kind TEXT NOT NULL,
    holder_id BIGINT NOT NULL,
    seats BIGINT NOT NULL,
    state TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    until BIGINT,
    asked_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    waited BOOLEAN NOT NULL,
    account_id BIGINT,
    client_key TEXT
);
CREATE INDEX booking_line ON booking (pool_id, state, asked_at);
CREATE INDEX booking_holder ON booking (holder_kind, holder_id);
CREATE INDEX booking_until ON booking (until) WHERE until IS NOT NULL;
CREATE UNIQUE INDEX booking_client ON booking (account_id, client_key) WHERE client_key IS NOT NULL;
CREATE UNIQUE INDEX booking_once ON booking (slot_id, holder_kind, holder_id)
    WHERE state IN ('waiting', 'offered', 'held', 'booked');

-- What a booking counts in, and with how many seats.
CREATE TABLE booking_use (
    booking_id BIGINT NOT NULL,
    quota_id BIGINT NOT NULL,
    seats BIGINT NOT NULL,
    PRIMARY KEY (booking_id, quota_id)
);
CREATE INDEX booking_use_quota ON booking_use (quota_id);

-- The persons of a party who are known: nobody is in two places at the same time.
CREATE TABLE booking_person (
    booking_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    PRIMARY KEY (booking_id, person_id)
);
CREATE INDEX booking_person_person ON booking_person (person_id);
