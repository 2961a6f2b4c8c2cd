-- Files that hang on records of any feature. One that hangs on nothing yet belongs to whoever brought it.
CREATE TABLE attachment (
    id {id},
    owner_kind TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    blob_id BIGINT NOT NULL,
    small_sha256 TEXT NOT NULL,
    small_blob_id BIGINT,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    client_key TEXT,
    created_at BIGINT NOT NULL,
    attached_at BIGINT
);
CREATE INDEX attachment_owner ON attachment (owner_kind, owner_id, position);
CREATE INDEX attachment_waiting ON attachment (created_at) WHERE attached_at IS NULL;
CREATE UNIQUE INDEX attachment_client ON attachment (account_id, client_key) WHERE client_key IS NOT NULL;
