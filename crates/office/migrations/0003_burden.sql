-- What the product costs staff, counted by school, role and week. No row is about a person.
CREATE TABLE burden_week (
    week TEXT NOT NULL,
    school_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    form TEXT NOT NULL,
    forms BIGINT NOT NULL,
    timed BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    taps BIGINT NOT NULL,
    PRIMARY KEY (week, school_id, role, form)
);
CREATE INDEX burden_week_school ON burden_week (school_id, week);

-- How many people held a role in a school in a week: what the sums are divided by.
CREATE TABLE burden_people (
    week TEXT NOT NULL,
    school_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    people BIGINT NOT NULL,
    PRIMARY KEY (week, school_id, role)
);

-- Entries of the ledger that nobody had to type.
CREATE TABLE burden_saved (
    week TEXT NOT NULL,
    school_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (week, school_id, kind)
);
