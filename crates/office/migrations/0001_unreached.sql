-- A family nobody has ever reached, as a task: at most one open task a child. The row says where it lies
-- now; how it came there is in its steps. Brothers and sisters are found by the family of the child: one errand.
CREATE TABLE unreached_task (
    id {id},
    school_id BIGINT NOT NULL,
    class_id BIGINT,
    town_id BIGINT,
    student_id BIGINT NOT NULL,
    period TEXT NOT NULL,
    reason TEXT,
    reason_words TEXT NOT NULL,
    level TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    opened_on TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by BIGINT,
    since_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    raised_on TEXT,
    state TEXT NOT NULL,
    closed_on TEXT,
    closed_at BIGINT,
    touch_id BIGINT
);
CREATE UNIQUE INDEX unreached_task_open ON unreached_task (student_id) WHERE closed_at IS NULL;
CREATE INDEX unreached_task_student ON unreached_task (student_id, id);
CREATE INDEX unreached_task_unit ON unreached_task (unit_id, due_on) WHERE closed_at IS NULL;
CREATE INDEX unreached_task_class ON unreached_task (class_id, id);
CREATE INDEX unreached_task_school ON unreached_task (school_id, id);
CREATE INDEX unreached_task_town ON unreached_task (town_id, id);
CREATE INDEX unreached_task_level ON unreached_task (level, due_on) WHERE closed_at IS NULL;

-- What happened to a task, in order. A hand-over keeps the day it counts from and how many working days it
-- was given, so that its due day can be reckoned again before anybody's eyes.
CREATE TABLE unreached_step (
    task_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    from_unit_id BIGINT,
    to_unit_id BIGINT,
    account_id BIGINT,
    at BIGINT NOT NULL,
    words TEXT NOT NULL,
    due_from TEXT,
    due_days BIGINT,
    due_on TEXT,
    PRIMARY KEY (task_id, step)
);

-- A number somebody found, until the class teacher takes it over into the guardian's record or refuses it.
CREATE TABLE unreached_number (
    id {id},
    task_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    suggested_by BIGINT NOT NULL,
    suggested_at BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by BIGINT,
    decided_at BIGINT,
    words TEXT NOT NULL
);
CREATE UNIQUE INDEX unreached_number_open ON unreached_number (task_id, guardian_id) WHERE state = 'waiting';
CREATE INDEX unreached_number_task ON unreached_number (task_id, id);
