-- A changed rule as somebody typed it, to see what it would do before it is saved. Gone after a day.
CREATE TABLE rule_preview (
    id {id},
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    form TEXT NOT NULL,
    rule TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    job_id BIGINT,
    result TEXT
);
CREATE INDEX rule_preview_made ON rule_preview (made_at);
