-- A family asked in the app whether a recorded contact happened. Drawn by chance, one open question a family.
CREATE TABLE touch_question (
    id {id},
    school_id BIGINT NOT NULL,
    touch_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    family_id BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    occurred_on TEXT NOT NULL,
    asked_on TEXT NOT NULL,
    state TEXT NOT NULL,
    answered_at BIGINT,
    opened_by BIGINT,
    opened_at BIGINT,
    outcome TEXT,
    outcome_sealed {bytes},
    followed_by BIGINT,
    followed_at BIGINT
);
CREATE UNIQUE INDEX touch_question_touch ON touch_question (touch_id);
CREATE UNIQUE INDEX touch_question_open ON touch_question (family_id) WHERE state = 'open';
CREATE INDEX touch_question_family ON touch_question (family_id, asked_on);
CREATE INDEX touch_question_guardian ON touch_question (guardian_id) WHERE state = 'open';
CREATE INDEX touch_question_school ON touch_question (school_id, asked_on);
CREATE INDEX touch_question_day ON touch_question (asked_on, school_id);
