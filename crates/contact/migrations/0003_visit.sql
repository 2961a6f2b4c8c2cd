-- A visit to a family, from the plan to the record. The record lies sealed in the row as it stands now;
-- every version of it lies in visit_version.
CREATE TABLE visit (
    id {id},
    school_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    family_id BIGINT NOT NULL,
    lead_staff_id BIGINT,
    lead_role TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    reason TEXT NOT NULL,
    trigger_code TEXT NOT NULL,
    state TEXT NOT NULL,
    school_year TEXT NOT NULL,
    due_on TEXT,
    day TEXT,
    starts_at BIGINT,
    way TEXT NOT NULL,
    contact_id BIGINT,
    offers BIGINT NOT NULL,
    version BIGINT NOT NULL,
    sealed {bytes},
    semester TEXT NOT NULL,
    recorded_at BIGINT,
    recorded_by BIGINT,
    client_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    reminded_for BIGINT NOT NULL
);
CREATE UNIQUE INDEX visit_key ON visit (made_by, client_key);
CREATE INDEX visit_class ON visit (class_id, school_year, state);
CREATE INDEX visit_lead ON visit (lead_staff_id, state, day);
CREATE INDEX visit_family ON visit (family_id, school_year);
CREATE INDEX visit_school ON visit (school_id, school_year, state);
CREATE INDEX visit_day ON visit (day, state);

-- The children a visit is about: a touch in the ledger for each.
CREATE TABLE visit_child (
    visit_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    PRIMARY KEY (visit_id, student_id)
);
CREATE INDEX visit_child_student ON visit_child (student_id);
CREATE INDEX visit_child_class ON visit_child (class_id);

-- Leaders and subject teachers who come along.
CREATE TABLE visit_companion (
    visit_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    invited_by BIGINT NOT NULL,
    invited_at BIGINT NOT NULL,
    answered_at BIGINT,
    PRIMARY KEY (visit_id, staff_id)
);
CREATE INDEX visit_companion_staff ON visit_companion (staff_id, state);

-- Times offered to the family. `round` counts the offers of a visit; only the last one stands.
CREATE TABLE visit_slot (
    visit_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    n BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    PRIMARY KEY (visit_id, round, n)
);

-- The offer to one guardian, and the answer. Of the link only the hash of its secret is kept.
CREATE TABLE visit_invite (
    id {id},
    school_id BIGINT NOT NULL,
    visit_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    secret_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    answer TEXT NOT NULL,
    words TEXT NOT NULL,
    became TEXT NOT NULL,
    answered_at BIGINT
);
CREATE UNIQUE INDEX visit_invite_secret ON visit_invite (secret_hash);
CREATE UNIQUE INDEX visit_invite_once ON visit_invite (visit_id, round, guardian_id);
CREATE INDEX visit_invite_open ON visit_invite (guardian_id, answer);

-- Every version of a record. The client's key makes saving it twice the same as once.
CREATE TABLE visit_version (
    visit_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    client_key TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    said_at BIGINT,
    complete BOOLEAN NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (visit_id, version)
);
CREATE UNIQUE INDEX visit_version_key ON visit_version (client_key);

-- What was found, as codes for figures: a row for each child concerned. Words stay in the record.
CREATE TABLE visit_finding (
    visit_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    semester TEXT NOT NULL,
    theme TEXT NOT NULL,
    risk TEXT NOT NULL,
    PRIMARY KEY (visit_id, student_id, theme)
);
CREATE INDEX visit_finding_school ON visit_finding (school_id, semester, theme);
CREATE INDEX visit_finding_student ON visit_finding (student_id, semester);

-- What was agreed: a task of its owner until it is done.
CREATE TABLE visit_measure (
    id {id},
    school_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    visit_id BIGINT NOT NULL,
    measure_key TEXT NOT NULL,
    what TEXT NOT NULL,
    owner TEXT NOT NULL,
    owner_staff_id BIGINT,
    due_on TEXT,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    closed_at BIGINT,
    closed_by BIGINT
);
CREATE UNIQUE INDEX visit_measure_key ON visit_measure (visit_id, measure_key);
CREATE INDEX visit_measure_owner ON visit_measure (owner_staff_id, state, due_on);
CREATE INDEX visit_measure_class ON visit_measure (class_id, state, due_on);

-- A special visit somebody suggests: why, and within which days.
CREATE TABLE visit_task (
    id {id},
    school_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    trigger_code TEXT NOT NULL,
    words TEXT NOT NULL,
    raised_by BIGINT NOT NULL,
    raised_at BIGINT NOT NULL,
    due_from TEXT NOT NULL,
    due_on TEXT NOT NULL,
    visit_id BIGINT,
    closed_at BIGINT,
    closed_by BIGINT,
    closed_words TEXT NOT NULL
);
CREATE INDEX visit_task_class ON visit_task (class_id, due_on) WHERE closed_at IS NULL;
CREATE INDEX visit_task_student ON visit_task (student_id) WHERE closed_at IS NULL;
CREATE INDEX visit_task_visit ON visit_task (visit_id) WHERE visit_id IS NOT NULL;

-- What the family says of what was agreed.
CREATE TABLE visit_answer (
    visit_id BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    agreed BOOLEAN NOT NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (visit_id, guardian_id)
);

-- A signature on the glass: strokes, or a typed name with consent, sealed.
CREATE TABLE visit_signature (
    id {id},
    school_id BIGINT NOT NULL,
    visit_id BIGINT NOT NULL,
    who TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    client_key TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    sealed {bytes} NOT NULL
);
CREATE UNIQUE INDEX visit_signature_key ON visit_signature (client_key);
CREATE INDEX visit_signature_visit ON visit_signature (visit_id, who);

-- The secret address of somebody's calendar; renewing it ends the old one.
CREATE TABLE calendar_feed (
    account_id BIGINT PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    secret_sealed {bytes} NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendar_feed_secret ON calendar_feed (secret_hash);
