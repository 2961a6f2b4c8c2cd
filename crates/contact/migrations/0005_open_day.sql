-- A day on which a school opens its classes to families.
CREATE TABLE open_day (
    id {id},
    school_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    intro TEXT NOT NULL,
    place TEXT NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    capacity BIGINT NOT NULL,
    per_family BIGINT NOT NULL,
    per_class BIGINT NOT NULL,
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    offer_minutes BIGINT NOT NULL,
    passes BOOLEAN NOT NULL,
    questions TEXT NOT NULL,
    act_id BIGINT,
    notice_id BIGINT,
    off_why TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    client_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX open_day_client ON open_day (created_by, client_key);
CREATE INDEX open_day_school ON open_day (school_id, day);
CREATE INDEX open_day_day ON open_day (day, state);

-- The classes whose families are asked.
CREATE TABLE open_day_class (
    open_day_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    PRIMARY KEY (open_day_id, class_id)
);
CREATE INDEX open_day_class_class ON open_day_class (class_id);

-- What there is to come to: an open class, a tour, a talk.
CREATE TABLE open_session (
    id {id},
    open_day_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    place TEXT NOT NULL,
    teacher_staff_id BIGINT,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX open_session_day ON open_session (open_day_id, starts_at);
CREATE INDEX open_session_teacher ON open_session (teacher_staff_id) WHERE teacher_staff_id IS NOT NULL;

-- Who a booking is for. The ticket is what the code at the door says.
CREATE TABLE open_party (
    booking_id BIGINT PRIMARY KEY,
    open_day_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    adults BIGINT NOT NULL,
    children BIGINT NOT NULL,
    ticket TEXT NOT NULL,
    reminded BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX open_party_ticket ON open_party (ticket);
CREATE INDEX open_party_guardian ON open_party (guardian_id);
CREATE INDEX open_party_day ON open_party (open_day_id, session_id);

CREATE TABLE open_party_child (
    booking_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    PRIMARY KEY (booking_id, student_id)
);
CREATE INDEX open_party_child_student ON open_party_child (student_id);

-- Who came: once for a booking, and those who came without one.
CREATE TABLE open_arrival (
    id {id},
    open_day_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    booking_id BIGINT,
    guardian_id BIGINT,
    guest TEXT NOT NULL,
    adults BIGINT NOT NULL,
    how TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    client_key TEXT,
    at BIGINT NOT NULL
);
CREATE UNIQUE INDEX open_arrival_booking ON open_arrival (booking_id) WHERE booking_id IS NOT NULL;
CREATE UNIQUE INDEX open_arrival_client ON open_arrival (account_id, client_key) WHERE client_key IS NOT NULL;
CREATE INDEX open_arrival_day ON open_arrival (open_day_id, session_id);
CREATE INDEX open_arrival_guardian ON open_arrival (guardian_id) WHERE guardian_id IS NOT NULL;

CREATE TABLE open_arrival_child (
    arrival_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    PRIMARY KEY (arrival_id, student_id)
);

-- One touch for each child of a day, in however many sessions its family was.
CREATE TABLE open_came (
    open_day_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    times BIGINT NOT NULL,
    touch_id BIGINT,
    PRIMARY KEY (open_day_id, student_id)
);

-- What a family says afterwards.
CREATE TABLE open_feedback (
    open_day_id BIGINT NOT NULL,
    guardian_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    answers TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (open_day_id, guardian_id)
);
