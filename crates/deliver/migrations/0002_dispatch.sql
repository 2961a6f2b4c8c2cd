-- One letter to one person. It is one lean row until its turn comes: words, address and channel are found then.
CREATE TABLE dispatch (
    id {id},
    kind TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    guardian_id BIGINT,
    account_id BIGINT,
    student_id BIGINT,
    round BIGINT NOT NULL,
    urgent BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    channel TEXT NOT NULL DEFAULT '',
    held TEXT NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0,
    lease_by TEXT NOT NULL DEFAULT '',
    attempts BIGINT NOT NULL DEFAULT 0,
    tried TEXT NOT NULL DEFAULT '',
    parcel_id BIGINT,
    receipt TEXT NOT NULL DEFAULT '',
    fault TEXT NOT NULL DEFAULT '',
    changed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX dispatch_due ON dispatch (urgent, due_at, id) WHERE state = 'queued';
CREATE INDEX dispatch_sending ON dispatch (lease_until) WHERE state = 'sending';
CREATE INDEX dispatch_source ON dispatch (source_id, kind, state, channel);
CREATE INDEX dispatch_held ON dispatch (guardian_id) WHERE held <> '';
CREATE INDEX dispatch_receipt ON dispatch (receipt) WHERE receipt <> '';

-- An address of a person (a guardian, or a member of staff by account) on one channel, besides the telephone
-- number, which the roster keeps.
CREATE TABLE address (
    id {id},
    person_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    address_sealed {bytes} NOT NULL,
    address_blind TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    fault TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    checked_at BIGINT
);
CREATE UNIQUE INDEX address_person ON address (person_id, channel, address_blind);
CREATE INDEX address_blind ON address (address_blind);

-- A code or state on its way to prove that an address is a person's own.
CREATE TABLE address_proof (
    id {id},
    person_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    address_sealed {bytes},
    tries BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX address_proof_code ON address_proof (code_hash);
CREATE INDEX address_proof_person ON address_proof (person_id, channel);

-- How a person wants to be written to.
CREATE TABLE letter_choice (
    person_id BIGINT PRIMARY KEY,
    channels TEXT NOT NULL,
    digest BOOLEAN NOT NULL,
    lang TEXT NOT NULL,
    quiet_from BIGINT,
    quiet_to BIGINT,
    updated_at BIGINT NOT NULL
);

-- Letters gone to a person on a day, for the ration.
CREATE TABLE letter_day (
    person_id BIGINT NOT NULL,
    day TEXT NOT NULL,
    sent BIGINT NOT NULL,
    PRIMARY KEY (person_id, day)
);

-- Letters gone to the families of a school in a week that begins on this Monday.
CREATE TABLE letter_week (
    school_id BIGINT NOT NULL,
    week TEXT NOT NULL,
    letters BIGINT NOT NULL,
    urgent BIGINT NOT NULL,
    gathered BIGINT NOT NULL,
    PRIMARY KEY (school_id, week)
);

-- What waits unseen for an account.
CREATE TABLE letter_box (
    account_id BIGINT PRIMARY KEY,
    unseen BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- Secrets of a channel and how it fares.
CREATE TABLE channel_state (
    channel TEXT PRIMARY KEY,
    secret_sealed {bytes},
    token_sealed {bytes},
    token_until BIGINT NOT NULL DEFAULT 0,
    paused_until BIGINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0,
    last_fault TEXT NOT NULL DEFAULT '',
    last_fault_at BIGINT NOT NULL DEFAULT 0,
    last_sent_at BIGINT NOT NULL DEFAULT 0
);

-- Pings for pages that are open. All that one round of numbering finds gets the same number.
CREATE TABLE live_event (
    id {id},
    topic TEXT NOT NULL,
    seq BIGINT
);
CREATE INDEX live_event_seq ON live_event (seq);
CREATE TABLE live_round (
    one BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL
);
