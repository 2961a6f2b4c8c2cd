-- One caseload with three doors: letters to the principal, calls on the principal's line, reception days.
-- What somebody wrote anonymously has a random identifier, a day instead of a moment, and a row nowhere
-- that names an account, an address or a device.
CREATE TABLE caseload_case (
    id {id},
    school_id BIGINT NOT NULL,
    door TEXT NOT NULL,
    writer TEXT NOT NULL,
    topic TEXT NOT NULL,
    state TEXT NOT NULL,
    track TEXT NOT NULL,
    received_on TEXT NOT NULL,
    school_year TEXT NOT NULL,
    handler_staff_id BIGINT,
    stages TEXT NOT NULL,
    due_on TEXT,
    late BOOLEAN NOT NULL,
    merged_into BIGINT,
    reopened BOOLEAN NOT NULL,
    satisfaction TEXT NOT NULL,
    wishes_public BOOLEAN NOT NULL,
    answered_on TEXT,
    version BIGINT NOT NULL,
    client_key TEXT NOT NULL,
    sealed {bytes} NOT NULL
);
CREATE UNIQUE INDEX caseload_case_key ON caseload_case (client_key);
CREATE INDEX caseload_case_school ON caseload_case (school_id, state, due_on);
CREATE INDEX caseload_case_year ON caseload_case (school_id, school_year);
CREATE INDEX caseload_case_handler ON caseload_case (handler_staff_id, state);
CREATE INDEX caseload_case_merged ON caseload_case (merged_into) WHERE merged_into IS NOT NULL;

-- Who wrote, called or came, where they gave their name. No row for an anonymous letter.
CREATE TABLE caseload_writer (
    case_id {id},
    school_id BIGINT NOT NULL,
    guardian_id BIGINT,
    account_id BIGINT,
    student_id BIGINT,
    sealed {bytes} NOT NULL
);
CREATE INDEX caseload_writer_guardian ON caseload_writer (guardian_id) WHERE guardian_id IS NOT NULL;

-- The number and the hash of the password under which an anonymous letter is followed.
CREATE TABLE caseload_receipt (
    case_id {id},
    receipt TEXT NOT NULL,
    secret_hash TEXT NOT NULL
);
CREATE UNIQUE INDEX caseload_receipt_number ON caseload_receipt (receipt);

-- What was done with a case, in order. Of the writer's own steps there is a day and no account.
CREATE TABLE caseload_event (
    id {id},
    case_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    kind TEXT NOT NULL,
    by_staff_id BIGINT,
    to_staff_id BIGINT,
    by_name TEXT NOT NULL,
    to_name TEXT NOT NULL,
    sealed {bytes}
);
CREATE UNIQUE INDEX caseload_event_step ON caseload_event (case_id, step);

-- Colleagues asked to help with a case (会办), and what they say.
CREATE TABLE caseload_helper (
    case_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    answered_at BIGINT,
    PRIMARY KEY (case_id, staff_id)
);
CREATE INDEX caseload_helper_staff ON caseload_helper (staff_id, state);

-- The reply of a round: the first, and the one after a reopening.
CREATE TABLE caseload_reply (
    id {id},
    case_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    state TEXT NOT NULL,
    author_account_id BIGINT NOT NULL,
    author_name TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    approved_by BIGINT,
    approved_name TEXT NOT NULL,
    sent_on TEXT,
    sent_how TEXT NOT NULL,
    sealed {bytes} NOT NULL
);
CREATE UNIQUE INDEX caseload_reply_round ON caseload_reply (case_id, round);

-- Questions and answers the public may read, in words made for it.
CREATE TABLE caseload_public (
    id {id},
    case_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    topic TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    published_on TEXT NOT NULL,
    published_by BIGINT NOT NULL
);
CREATE UNIQUE INDEX caseload_public_case ON caseload_public (case_id);
CREATE INDEX caseload_public_school ON caseload_public (school_id, published_on);

-- Whom the morning's letter of what is due went to: one a person and day.
CREATE TABLE caseload_reminded (
    id {id},
    staff_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE UNIQUE INDEX caseload_reminded_once ON caseload_reminded (staff_id, day);

-- A leader receives on a day.
CREATE TABLE reception_day (
    id {id},
    school_id BIGINT NOT NULL,
    day TEXT NOT NULL,
    from_minute BIGINT NOT NULL,
    to_minute BIGINT NOT NULL,
    slot_minutes BIGINT NOT NULL,
    leader_staff_id BIGINT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX reception_day_once ON reception_day (school_id, day, from_minute);
CREATE INDEX reception_day_leader ON reception_day (leader_staff_id, day);

-- A time of a reception day: one row for each, taken by at most one family.
CREATE TABLE reception_slot (
    id {id},
    day_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    guardian_id BIGINT,
    student_id BIGINT,
    topic TEXT NOT NULL,
    case_id BIGINT,
    booked_at BIGINT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX reception_slot_once ON reception_slot (day_id, starts_at);
CREATE UNIQUE INDEX reception_slot_family ON reception_slot (day_id, guardian_id) WHERE guardian_id IS NOT NULL;
CREATE INDEX reception_slot_guardian ON reception_slot (guardian_id, starts_at) WHERE guardian_id IS NOT NULL;
