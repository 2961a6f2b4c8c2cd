-- An activity a unit held, counted once whatever the attendance. A mistake is corrected by a row that reverses it.
CREATE TABLE act (
    id {id},
    school_id BIGINT,
    unit_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    place TEXT NOT NULL,
    held_on TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    attendance BIGINT NOT NULL,
    recorded_by BIGINT,
    recorded_at BIGINT NOT NULL,
    reverses_id BIGINT
);
CREATE INDEX act_unit ON act (unit_id, held_on, id);
CREATE INDEX act_school ON act (school_id, held_on, id);
CREATE UNIQUE INDEX act_reversed ON act (reverses_id) WHERE reverses_id IS NOT NULL;

-- The ledger. Rows are only ever added; a mistake is corrected by a row that reverses it.
CREATE TABLE touch (
    id {id_in_school},
    school_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    act_id BIGINT,
    source_kind TEXT NOT NULL,
    source_id BIGINT,
    occurred_on TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    semester TEXT NOT NULL,
    kind TEXT NOT NULL,
    depth TEXT NOT NULL,
    channel TEXT NOT NULL,
    tone TEXT,
    by_family BOOLEAN NOT NULL,
    guardian_id BIGINT,
    relation TEXT,
    staff_id BIGINT,
    staff_role TEXT,
    minutes BIGINT NOT NULL,
    reverses_id BIGINT,
    client_key TEXT
    {key_in_school}
);
--pg: CREATE INDEX touch_id ON touch (id);
CREATE INDEX touch_student ON touch (student_id, occurred_on, id);
CREATE INDEX touch_class ON touch (class_id, recorded_at, id);
CREATE INDEX touch_source ON touch (source_kind, source_id);
CREATE UNIQUE INDEX touch_reversed ON touch (school_id, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE UNIQUE INDEX touch_client ON touch (school_id, client_key) WHERE client_key IS NOT NULL;

-- What the family said of a recorded contact.
CREATE TABLE touch_answer (
    id {id},
    touch_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    happened BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (touch_id, guardian_id)
);

-- Counters of a child in a semester, in a school year (visits only) and ever ('all').
CREATE TABLE reach (
    student_id BIGINT NOT NULL,
    period TEXT NOT NULL,
    school_id BIGINT NOT NULL,
    class_id BIGINT,
    n_told BIGINT NOT NULL,
    n_confirmed BIGINT NOT NULL,
    n_talked BIGINT NOT NULL,
    n_met BIGINT NOT NULL,
    n_father BIGINT NOT NULL,
    n_mother BIGINT NOT NULL,
    n_visit BIGINT NOT NULL,
    n_good BIGINT NOT NULL,
    n_neutral BIGINT NOT NULL,
    n_concern BIGINT NOT NULL,
    n_complaint BIGINT NOT NULL,
    last_on TEXT NOT NULL,
    last_tone TEXT,
    last_touch_id BIGINT,
    PRIMARY KEY (student_id, period)
);
CREATE INDEX reach_class ON reach (class_id, period);

-- The children of a class counted, in the same periods. Depths are "at least": met is within talked.
CREATE TABLE class_reach (
    class_id BIGINT NOT NULL,
    period TEXT NOT NULL,
    school_id BIGINT NOT NULL,
    town_id BIGINT,
    setting TEXT NOT NULL,
    students BIGINT NOT NULL,
    special BIGINT NOT NULL,
    told BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    talked BIGINT NOT NULL,
    met BIGINT NOT NULL,
    father BIGINT NOT NULL,
    mother BIGINT NOT NULL,
    visited BIGINT NOT NULL,
    t_good BIGINT NOT NULL,
    t_neutral BIGINT NOT NULL,
    t_concern BIGINT NOT NULL,
    t_complaint BIGINT NOT NULL,
    PRIMARY KEY (period, class_id)
);
CREATE INDEX class_reach_school ON class_reach (school_id, period);

-- The same figures as they stood at the end of a week, for trends and figures as of a day.
CREATE TABLE class_week (
    class_id BIGINT NOT NULL,
    week_end TEXT NOT NULL,
    semester TEXT NOT NULL,
    school_id BIGINT NOT NULL,
    town_id BIGINT,
    setting TEXT NOT NULL,
    students BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    talked BIGINT NOT NULL,
    met BIGINT NOT NULL,
    visited BIGINT NOT NULL,
    never BIGINT NOT NULL,
    PRIMARY KEY (week_end, class_id)
);
CREATE INDEX class_week_class ON class_week (class_id, week_end);
CREATE INDEX class_week_school ON class_week (school_id, week_end);

CREATE TABLE duty_rule (
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (code, version)
);

-- How much counts towards a rule, per subject (a child, a class, a school …) and period.
CREATE TABLE duty_count (
    rule TEXT NOT NULL,
    version BIGINT NOT NULL,
    period TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    school_id BIGINT,
    n BIGINT NOT NULL,
    PRIMARY KEY (subject_id, period, rule, version)
);
CREATE INDEX duty_count_rule ON duty_count (rule, version, period, school_id);

-- Children of a class for whom a child's duty is met.
CREATE TABLE duty_class (
    rule TEXT NOT NULL,
    version BIGINT NOT NULL,
    period TEXT NOT NULL,
    class_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    met BIGINT NOT NULL,
    PRIMARY KEY (period, rule, version, class_id)
);
CREATE INDEX duty_class_class ON duty_class (class_id, period);
