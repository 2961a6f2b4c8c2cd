-- A phone that keeps visits for use without a network, and the session it was last seen with: when that one is
-- ended before its time, the phone is told to forget.
CREATE TABLE offline_device (
    id {id},
    token_hash TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    session_until BIGINT NOT NULL,
    label TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX offline_device_token ON offline_device (token_hash);
CREATE INDEX offline_device_account ON offline_device (account_id, seen_at);

-- What arrived from a phone: a record, a photo, a signature. Its id is the receipt; the phone's own key makes
-- sending it twice the same as once.
CREATE TABLE offline_item (
    id {id},
    school_id BIGINT NOT NULL,
    client_key TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    visit_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    kept_as BIGINT,
    said_at BIGINT NOT NULL,
    written_at BIGINT NOT NULL,
    arrived_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX offline_item_key ON offline_item (client_key);
CREATE INDEX offline_item_visit ON offline_item (visit_id);

-- Pieces of a photo on its way; gone when it is whole.
CREATE TABLE offline_piece (
    account_id BIGINT NOT NULL,
    client_key TEXT NOT NULL,
    n BIGINT NOT NULL,
    pieces BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, client_key, n)
);
CREATE INDEX offline_piece_at ON offline_piece (at);
