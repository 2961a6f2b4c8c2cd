-- An import of units, staff and class teachers on its way from file to preview to applied.
CREATE TABLE org_batch (
    id {id},
    files TEXT NOT NULL,
    state TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    applied_at BIGINT,
    job_id BIGINT,
    rows_total BIGINT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    applied_upto BIGINT NOT NULL,
    fault TEXT NOT NULL
);

-- One row of its sheets in the order in which it will be applied: what the file says (sealed, staff
-- rows hold telephone numbers), what would happen, what is wrong.
CREATE TABLE org_row (
    id {id},
    batch_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    sheet TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    name TEXT NOT NULL,
    change TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    faults TEXT NOT NULL
);
CREATE UNIQUE INDEX org_row_position ON org_row (batch_id, position);
CREATE INDEX org_row_verdict ON org_row (batch_id, verdict, position);

-- The one-time code with which a member of staff chooses a first password. Only its hash is kept.
CREATE TABLE staff_invite (
    account_id BIGINT PRIMARY KEY,
    code_hash TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- The turn of the year in one school: what was decided and how far it is.
CREATE TABLE rollover (
    id {id},
    school_id BIGINT NOT NULL,
    year_start BIGINT NOT NULL,
    state TEXT NOT NULL,
    entrants TEXT NOT NULL,
    keep_teachers BOOLEAN NOT NULL,
    decided_by BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    done_at BIGINT,
    classes_closed BIGINT NOT NULL,
    pupils_graduated BIGINT NOT NULL,
    classes_opened BIGINT NOT NULL,
    teachers_ended BIGINT NOT NULL
);
CREATE UNIQUE INDEX rollover_school ON rollover (school_id, year_start);
CREATE INDEX rollover_year ON rollover (year_start, state);
