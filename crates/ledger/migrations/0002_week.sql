-- A week of a class knows everything its figures know. `entire` tells the weeks kept before that, which do not.
ALTER TABLE class_week ADD COLUMN entire BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE class_week ADD COLUMN special BIGINT NOT NULL DEFAULT 0;
ALTER TABLE class_week ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
ALTER TABLE class_week ADD COLUMN father BIGINT NOT NULL DEFAULT 0;
ALTER TABLE class_week ADD COLUMN mother BIGINT NOT NULL DEFAULT 0;
ALTER TABLE class_week ADD COLUMN t_good BIGINT NOT NULL DEFAULT 0;
ALTER TABLE class_week ADD COLUMN t_neutral BIGINT NOT NULL DEFAULT 0;
ALTER TABLE class_week ADD COLUMN t_concern BIGINT NOT NULL DEFAULT 0;
ALTER TABLE class_week ADD COLUMN t_complaint BIGINT NOT NULL DEFAULT 0;

-- The weeks of every school, and of all schools together by town and country (unit 0): a trend over two
-- school years reads a few hundred rows, whatever the number of classes.
CREATE TABLE unit_week (
    kind TEXT NOT NULL,
    week_end TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    setting TEXT NOT NULL,
    semester TEXT NOT NULL,
    entire BOOLEAN NOT NULL,
    classes BIGINT NOT NULL,
    students BIGINT NOT NULL,
    special BIGINT NOT NULL,
    told BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    talked BIGINT NOT NULL,
    met BIGINT NOT NULL,
    father BIGINT NOT NULL,
    mother BIGINT NOT NULL,
    visited BIGINT NOT NULL,
    never BIGINT NOT NULL,
    t_good BIGINT NOT NULL,
    t_neutral BIGINT NOT NULL,
    t_concern BIGINT NOT NULL,
    t_complaint BIGINT NOT NULL,
    PRIMARY KEY (kind, week_end, unit_id, setting)
--pg: );
--lite: ) WITHOUT ROWID;
CREATE INDEX unit_week_unit ON unit_week (unit_id, week_end);

INSERT INTO unit_week (kind, week_end, unit_id, setting, semester, entire, classes, students, special, told, confirmed,
                       talked, met, father, mother, visited, never, t_good, t_neutral, t_concern, t_complaint)
SELECT 'school', week_end, school_id, MIN(setting), MIN(semester), FALSE, COUNT(*), SUM(students), 0, 0, SUM(confirmed),
       SUM(talked), SUM(met), 0, 0, SUM(visited), SUM(never), 0, 0, 0, 0
FROM class_week GROUP BY week_end, school_id;
INSERT INTO unit_week (kind, week_end, unit_id, setting, semester, entire, classes, students, special, told, confirmed,
                       talked, met, father, mother, visited, never, t_good, t_neutral, t_concern, t_complaint)
SELECT 'district', week_end, 0, setting, MIN(semester), FALSE, COUNT(*), SUM(students), 0, 0, SUM(confirmed),
       SUM(talked), SUM(met), 0, 0, SUM(visited), SUM(never), 0, 0, 0, 0
FROM class_week GROUP BY week_end, setting;

-- On SQLite these tables lie in the order of their key: one search finds or changes a row, and the rows of a
-- period lie together. (A table with a key of several columns otherwise keeps its rows apart from the key.)
--lite: ALTER TABLE reach RENAME TO reach_old;
--lite: DROP INDEX reach_class;
--lite: CREATE TABLE reach (
--lite:     student_id BIGINT NOT NULL,
--lite:     period TEXT NOT NULL,
--lite:     school_id BIGINT NOT NULL,
--lite:     class_id BIGINT,
--lite:     n_told BIGINT NOT NULL,
--lite:     n_confirmed BIGINT NOT NULL,
--lite:     n_talked BIGINT NOT NULL,
--lite:     n_met BIGINT NOT NULL,
--lite:     n_father BIGINT NOT NULL,
--lite:     n_mother BIGINT NOT NULL,
--lite:     n_visit BIGINT NOT NULL,
--lite:     n_good BIGINT NOT NULL,
--lite:     n_neutral BIGINT NOT NULL,
--lite:     n_concern BIGINT NOT NULL,
--lite:     n_complaint BIGINT NOT NULL,
--lite:     last_on TEXT NOT NULL,
--lite:     last_tone TEXT,
--lite:     last_touch_id BIGINT,
--lite:     PRIMARY KEY (student_id, period)
--lite: ) WITHOUT ROWID;
--lite: INSERT INTO reach SELECT * FROM reach_old;
--lite: DROP TABLE reach_old;
--lite: CREATE INDEX reach_class ON reach (class_id, period);
--lite: ALTER TABLE class_reach RENAME TO class_reach_old;
--lite: DROP INDEX class_reach_school;
--lite: CREATE TABLE class_reach (
--lite:     class_id BIGINT NOT NULL,
--lite:     period TEXT NOT NULL,
--lite:     school_id BIGINT NOT NULL,
--lite:     town_id BIGINT,
--lite:     setting TEXT NOT NULL,
--lite:     students BIGINT NOT NULL,
--lite:     special BIGINT NOT NULL,
--lite:     told BIGINT NOT NULL,
--lite:     confirmed BIGINT NOT NULL,
--lite:     talked BIGINT NOT NULL,
--lite:     met BIGINT NOT NULL,
--lite:     father BIGINT NOT NULL,
--lite:     mother BIGINT NOT NULL,
--lite:     visited BIGINT NOT NULL,
--lite:     t_good BIGINT NOT NULL,
--lite:     t_neutral BIGINT NOT NULL,
--lite:     t_concern BIGINT NOT NULL,
--lite:     t_complaint BIGINT NOT NULL,
--lite:     PRIMARY KEY (period, class_id)
--lite: ) WITHOUT ROWID;
--lite: INSERT INTO class_reach SELECT * FROM class_reach_old;
--lite: DROP TABLE class_reach_old;
--lite: CREATE INDEX class_reach_school ON class_reach (school_id, period);
--lite: ALTER TABLE duty_count RENAME TO duty_count_old;
--lite: DROP INDEX duty_count_rule;
--lite: CREATE TABLE duty_count (
--lite:     rule TEXT NOT NULL,
--lite:     version BIGINT NOT NULL,
--lite:     period TEXT NOT NULL,
--lite:     subject_id BIGINT NOT NULL,
--lite:     school_id BIGINT,
--lite:     n BIGINT NOT NULL,
--lite:     PRIMARY KEY (subject_id, period, rule, version)
--lite: ) WITHOUT ROWID;
--lite: INSERT INTO duty_count SELECT * FROM duty_count_old;
--lite: DROP TABLE duty_count_old;
--lite: CREATE INDEX duty_count_rule ON duty_count (rule, version, period, school_id);
--lite: ALTER TABLE duty_class RENAME TO duty_class_old;
--lite: DROP INDEX duty_class_class;
--lite: CREATE TABLE duty_class (
--lite:     rule TEXT NOT NULL,
--lite:     version BIGINT NOT NULL,
--lite:     period TEXT NOT NULL,
--lite:     class_id BIGINT NOT NULL,
--lite:     school_id BIGINT NOT NULL,
--lite:     met BIGINT NOT NULL,
--lite:     PRIMARY KEY (period, rule, version, class_id)
--lite: ) WITHOUT ROWID;
--lite: INSERT INTO duty_class SELECT * FROM duty_class_old;
--lite: DROP TABLE duty_class_old;
--lite: CREATE INDEX duty_class_class ON duty_class (class_id, period);
