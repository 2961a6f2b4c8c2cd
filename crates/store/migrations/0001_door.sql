CREATE TABLE node_lease (node BIGINT PRIMARY KEY, until_at BIGINT NOT NULL);

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE job (
    id {id},
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    state TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    lease_by TEXT NOT NULL,
    unique_key TEXT,
    last_error TEXT,
    progress TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX job_ready ON job (state, run_at, id);
CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE unique_key IS NOT NULL;

CREATE TABLE schedule (
    kind TEXT PRIMARY KEY,
    last_run_at BIGINT NOT NULL
);

CREATE TABLE blob (
    id {id},
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX blob_expiry ON blob (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX blob_sha ON blob (sha256);

CREATE TABLE audit (
    id {id},
    at BIGINT NOT NULL,
    account_id BIGINT,
    hat TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BIGINT,
    school_id BIGINT,
    detail TEXT NOT NULL,
    client TEXT NOT NULL,
    sealed_in BIGINT
);
CREATE INDEX audit_object ON audit (object_kind, object_id, id);
CREATE INDEX audit_account ON audit (account_id, id);
CREATE INDEX audit_unsealed ON audit (id) WHERE sealed_in IS NULL;

CREATE TABLE audit_seal (
    id {id},
    node BIGINT NOT NULL,
    number BIGINT NOT NULL,
    rows_sealed BIGINT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at BIGINT NOT NULL,
    UNIQUE (node, number)
);
CREATE INDEX audit_in_seal ON audit (sealed_in, id) WHERE sealed_in IS NOT NULL;

CREATE TABLE search_gram (
    gram TEXT NOT NULL,
    kind TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    school_id BIGINT NOT NULL,
    PRIMARY KEY (gram, kind, object_id)
);
CREATE INDEX search_object ON search_gram (kind, object_id);
