-- Units are rows of one tree: district, town, school, class, and beside them agencies and community
-- sites. The row holds what is true today; unit_version holds what was true when.
CREATE TABLE unit (
    id {id},
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    parent_id BIGINT,
    town_id BIGINT,
    school_id BIGINT,
    school_kind TEXT,
    setting TEXT,
    stage TEXT,
    entry_year BIGINT,
    class_no BIGINT,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX unit_code ON unit (kind, code) WHERE code <> '' AND valid_to IS NULL;
CREATE UNIQUE INDEX unit_class ON unit (school_id, stage, entry_year, class_no) WHERE kind = 'class' AND valid_to IS NULL;
CREATE INDEX unit_parent ON unit (parent_id, kind, name_key);
CREATE INDEX unit_school ON unit (school_id, kind);
CREATE INDEX unit_town ON unit (town_id, kind);

CREATE TABLE unit_version (
    id {id},
    unit_id BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    parent_id BIGINT,
    reason TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
);
CREATE INDEX unit_version_unit ON unit_version (unit_id, valid_from);

-- Every unit with each unit above it, itself at depth 0.
CREATE TABLE unit_closure (
    ancestor_id BIGINT NOT NULL,
    descendant_id BIGINT NOT NULL,
    depth BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    PRIMARY KEY (ancestor_id, descendant_id, valid_from)
);
CREATE INDEX unit_closure_below ON unit_closure (descendant_id, ancestor_id);

CREATE TABLE family (
    id {id},
    created_at BIGINT NOT NULL
);

CREATE TABLE student (
    id {id},
    school_id BIGINT NOT NULL,
    class_id BIGINT,
    family_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    state TEXT NOT NULL,
    number_in_class BIGINT,
    left_behind TEXT NOT NULL,
    migrant BOOLEAN NOT NULL,
    boarding BOOLEAN NOT NULL,
    special BOOLEAN NOT NULL,
    id_blind TEXT,
    roll_blind TEXT,
    sealed {bytes} NOT NULL,
    row_hash TEXT NOT NULL,
    joined_on TEXT NOT NULL,
    left_on TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX student_id_blind ON student (id_blind) WHERE id_blind IS NOT NULL;
CREATE UNIQUE INDEX student_roll_blind ON student (roll_blind) WHERE roll_blind IS NOT NULL;
CREATE INDEX student_class ON student (class_id, name_key, id);
CREATE INDEX student_school ON student (school_id, state, name_key, id);
CREATE INDEX student_family ON student (family_id);
CREATE INDEX student_name ON student (name, birth_date);

-- Where a pupil was when; the open row is where they are.
CREATE TABLE enrolment (
    id {id},
    school_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    class_id BIGINT,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    reason TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
);
CREATE INDEX enrolment_student ON enrolment (student_id, valid_from);
CREATE INDEX enrolment_class ON enrolment (class_id, valid_from);

CREATE TABLE guardian (
    id {id},
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    phone_sealed {bytes},
    phone_blind TEXT,
    id_blind TEXT,
    sealed {bytes},
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX guardian_phone ON guardian (phone_blind) WHERE phone_blind IS NOT NULL;
CREATE UNIQUE INDEX guardian_id_blind ON guardian (id_blind) WHERE id_blind IS NOT NULL;

-- A guardian's relation to one child and what follows from custody.
CREATE TABLE guardianship (
    id {id},
    school_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    relation TEXT NOT NULL,
    kin TEXT NOT NULL,
    is_guardian BOOLEAN NOT NULL,
    position BIGINT NOT NULL,
    may_receive BOOLEAN NOT NULL,
    may_pick_up BOOLEAN NOT NULL,
    restricted BOOLEAN NOT NULL,
    restriction_note TEXT NOT NULL,
    source TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT
);
CREATE INDEX guardianship_student ON guardianship (student_id, position);
CREATE INDEX guardianship_guardian ON guardianship (guardian_id);

CREATE TABLE staff (
    id {id},
    school_id BIGINT NOT NULL,
    staff_no TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    title TEXT NOT NULL,
    phone_sealed {bytes},
    phone_blind TEXT,
    state TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX staff_school ON staff (school_id, name_key, id);
CREATE UNIQUE INDEX staff_number ON staff (school_id, staff_no) WHERE staff_no <> '';

-- The code on a child's contact card; a reprint that invalidates it begins a new row.
CREATE TABLE contact_card (
    id {id},
    school_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    code_hash TEXT NOT NULL,
    code_sealed {bytes} NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX contact_card_code ON contact_card (code_hash);
CREATE INDEX contact_card_student ON contact_card (student_id);

-- Consent of a guardian for a child under 14, withdrawable; the text agreed to is kept by version.
CREATE TABLE consent (
    id {id},
    school_id BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    notice_version TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    client TEXT NOT NULL
);
CREATE INDEX consent_student ON consent (student_id, guardian_id);

-- A roster on its way from file to preview to applied; a school of NULL means the whole district.
CREATE TABLE import_batch (
    id {id},
    kind TEXT NOT NULL,
    school_id BIGINT,
    complete BOOLEAN NOT NULL,
    mended BOOLEAN NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    headings TEXT NOT NULL,
    notes TEXT NOT NULL,
    rows_read BIGINT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    moved BIGINT NOT NULL,
    gone BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    gone_over BOOLEAN NOT NULL,
    gone_confirmed BIGINT NOT NULL,
    started BOOLEAN NOT NULL,
    written BIGINT NOT NULL,
    to_write BIGINT NOT NULL,
    fault TEXT NOT NULL,
    base_version BIGINT NOT NULL
);
CREATE INDEX import_batch_school ON import_batch (school_id, id);

-- One staged row: what the file says (sealed, it holds numbers and addresses), what would happen, what is
-- wrong. Pupils who would leave are rows with numbers below 0. The sealed part goes once the row is applied.
CREATE TABLE import_row (
    batch_id BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    applied BOOLEAN NOT NULL,
    school_id BIGINT,
    student_id BIGINT,
    name TEXT NOT NULL,
    id_blind TEXT,
    roll_blind TEXT,
    row_hash TEXT NOT NULL,
    since TEXT,
    topic TEXT NOT NULL,
    fix_key TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    problems TEXT NOT NULL,
    PRIMARY KEY (batch_id, row_number)
);
CREATE INDEX import_row_verdict ON import_row (batch_id, verdict, row_number);
CREATE INDEX import_row_id ON import_row (batch_id, id_blind) WHERE id_blind IS NOT NULL;
CREATE INDEX import_row_roll ON import_row (batch_id, roll_blind) WHERE roll_blind IS NOT NULL;
CREATE INDEX import_row_fix ON import_row (batch_id, fix_key) WHERE fix_key <> '';

-- What a person answered or mended in a row of a file; kept apart, so that reading the file again keeps it.
CREATE TABLE import_edit (
    batch_id BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (batch_id, row_number)
);
