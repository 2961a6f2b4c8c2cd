-- The good rows of a staged file, some hundred together: packed and sealed until they are written. `keys` holds, of every
-- row of the file read meanwhile, its number and the beginnings of its blind indexes, to find rows that collide.
CREATE TABLE import_chunk (
    batch_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    leaving BOOLEAN NOT NULL,
    entries BIGINT NOT NULL,
    done BIGINT NOT NULL,
    searchable BOOLEAN NOT NULL,
    keys {bytes} NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (batch_id, number)
);

-- What one transaction of an import did, so that it can be taken back: the pupils it made, and what the others were before.
CREATE TABLE import_step (
    id {id},
    batch_id BIGINT NOT NULL,
    made {bytes} NOT NULL,
    known {bytes} NOT NULL,
    before {bytes} NOT NULL,
    written_at BIGINT NOT NULL
);
CREATE INDEX import_step_batch ON import_step (batch_id, id);

-- The pupil a waiting row may mean, to be shown beside it; when an import was taken back; and whether its waiting rows
-- came back mended in another file.
ALTER TABLE import_row ADD COLUMN other_id BIGINT;
ALTER TABLE import_batch ADD COLUMN applied_at BIGINT;
ALTER TABLE import_batch ADD COLUMN undone_at BIGINT;
