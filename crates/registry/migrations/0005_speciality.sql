-- What a vocational class is taught; empty for every other unit. Two classes of one number may differ by it alone.
ALTER TABLE unit ADD COLUMN speciality TEXT NOT NULL DEFAULT '';
DROP INDEX unit_class;
CREATE UNIQUE INDEX unit_class ON unit (school_id, stage, entry_year, class_no, speciality)
    WHERE kind = 'class' AND valid_to IS NULL;
