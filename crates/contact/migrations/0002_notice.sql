-- A notice of a class, school, town or the district to families. Drafts and templates are notices too.
CREATE TABLE notice (
    id {id},
    unit_id BIGINT NOT NULL,
    school_id BIGINT,
    author_id BIGINT NOT NULL,
    author_staff_id BIGINT,
    author_role TEXT NOT NULL,
    author_name TEXT NOT NULL,
    from_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    urgent BOOLEAN NOT NULL,
    urgent_why TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    attachments TEXT NOT NULL,
    questions TEXT NOT NULL,
    audience TEXT NOT NULL,
    deadline_at BIGINT,
    send_at BIGINT,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    correction_of BIGINT,
    replaced_by BIGINT,
    template BOOLEAN NOT NULL,
    remind BOOLEAN NOT NULL,
    token TEXT NOT NULL,
    rounds BIGINT NOT NULL,
    last_round_at BIGINT,
    round_of TEXT NOT NULL,
    due_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    sent_at BIGINT,
    filled_at BIGINT,
    recalled_at BIGINT,
    recall_why TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    client_key TEXT NOT NULL
);
CREATE INDEX notice_unit ON notice (unit_id, state, id);
CREATE INDEX notice_author ON notice (author_id, id);
CREATE UNIQUE INDEX notice_key ON notice (author_id, client_key);
CREATE UNIQUE INDEX notice_token ON notice (token);
-- When something is next to be done about it by itself: sending, reminding.
CREATE INDEX notice_due ON notice (due_at) WHERE due_at IS NOT NULL;

-- Children chosen one by one, and children left out.
CREATE TABLE notice_pick (
    notice_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    left_out BOOLEAN NOT NULL,
    PRIMARY KEY (notice_id, student_id)
--pg: );
--lite: ) WITHOUT ROWID;

-- The classes addressed: what is still to be written out, and the children counted by the state they are in.
-- Counters lie by class so that no row is everybody's.
CREATE TABLE notice_class (
    notice_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    whole BOOLEAN NOT NULL,
    filled BOOLEAN NOT NULL,
    day TEXT NOT NULL,
    round BIGINT NOT NULL,
    letters BIGINT NOT NULL,
    n_addressed BIGINT NOT NULL,
    n_failed BIGINT NOT NULL,
    n_delivered BIGINT NOT NULL,
    n_read BIGINT NOT NULL,
    n_confirmed BIGINT NOT NULL,
    PRIMARY KEY (notice_id, school_id, class_id)
--pg: );
--lite: ) WITHOUT ROWID;
CREATE INDEX notice_class_class ON notice_class (class_id, day, notice_id);

-- A child addressed, in exactly one state: the furthest that any of its guardians came.
CREATE TABLE notice_child (
    notice_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    via TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    by_guardian BIGINT,
    by_account BIGINT,
    answer_id BIGINT,
    PRIMARY KEY (notice_id, student_id, school_id)
--pg: );
--lite: ) WITHOUT ROWID;
CREATE INDEX notice_child_class ON notice_child (notice_id, class_id, state);
CREATE INDEX notice_child_student ON notice_child (student_id, notice_id);

-- A guardian addressed about one child, with the moments of official notices.
CREATE TABLE notice_receipt (
    guardian_id BIGINT NOT NULL,
    notice_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    waits BOOLEAN NOT NULL,
    channel TEXT NOT NULL,
    delivered_at BIGINT,
    read_at BIGINT,
    confirmed_at BIGINT,
    PRIMARY KEY (guardian_id, notice_id, student_id, school_id)
--pg: );
--lite: ) WITHOUT ROWID;
CREATE INDEX notice_receipt_waits ON notice_receipt (guardian_id) WHERE waits;

-- What a family answered for a child. The last one before the deadline counts, those before it are kept.
CREATE TABLE notice_answer (
    id {id_in_school},
    notice_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    guardian_id BIGINT,
    account_id BIGINT,
    body TEXT NOT NULL,
    at BIGINT NOT NULL
    {key_in_school}
);
--pg: CREATE INDEX notice_answer_id ON notice_answer (id);
CREATE INDEX notice_answer_notice ON notice_answer (notice_id, student_id, id);

-- Colleagues who may read the report.
CREATE TABLE notice_share (
    notice_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    shared_by BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (notice_id, account_id)
);
CREATE INDEX notice_share_account ON notice_share (account_id, notice_id);

-- A child who joined a class while a notice to it was open: the teacher may add the family with one tap.
CREATE TABLE notice_joiner (
    notice_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    settled_at BIGINT,
    PRIMARY KEY (notice_id, student_id)
);
CREATE INDEX notice_joiner_class ON notice_joiner (class_id, notice_id) WHERE settled_at IS NULL;

-- How many families a class has, ready for "this will reach so many". A row missing is counted anew.
-- Families are counted in parts of 2,520, so that brothers and sisters in several classes add up to one.
CREATE TABLE notice_reach (
    class_id BIGINT PRIMARY KEY,
    children BIGINT NOT NULL,
    family_parts BIGINT NOT NULL,
    no_phone BIGINT NOT NULL,
    no_guardian BIGINT NOT NULL,
    counted_at BIGINT NOT NULL
);
