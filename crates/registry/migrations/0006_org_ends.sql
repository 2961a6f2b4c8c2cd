-- A list declared complete for its schools: how many roles it no longer names, whether those are more of a school than end
-- without asking again, and whether it was only the mended rows, which end nothing.
ALTER TABLE org_batch ADD COLUMN complete BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE org_batch ADD COLUMN mended BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE org_batch ADD COLUMN ended BIGINT NOT NULL DEFAULT 0;
ALTER TABLE org_batch ADD COLUMN ended_over BOOLEAN NOT NULL DEFAULT FALSE;
