-- A contact a member of staff noted: one row a note, one touch in the ledger for each child. The row
-- says what is true now; what was said before a correction stays in the ledger.
CREATE TABLE contact_record (
    id {id_in_school},
    school_id BIGINT NOT NULL,
    class_id BIGINT,
    staff_id BIGINT,
    account_id BIGINT NOT NULL,
    occurred_on TEXT NOT NULL,
    channel TEXT NOT NULL,
    tone TEXT NOT NULL,
    note TEXT NOT NULL,
    client_key TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    amended_at BIGINT,
    undone_at BIGINT,
    undone_by BIGINT
    {key_in_school}
);
--pg: CREATE INDEX contact_record_id ON contact_record (id);
CREATE UNIQUE INDEX contact_record_key ON contact_record (school_id, account_id, client_key);

-- A guardian says that a number the school has is wrong; the class teacher mends it. The new number may be given, sealed.
CREATE TABLE number_request (
    id {id_in_school},
    school_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    made_at BIGINT NOT NULL,
    done_at BIGINT,
    done_by BIGINT
    {key_in_school}
);
--pg: CREATE INDEX number_request_id ON number_request (id);
CREATE INDEX number_request_open ON number_request (student_id, guardian_id) WHERE done_at IS NULL;
