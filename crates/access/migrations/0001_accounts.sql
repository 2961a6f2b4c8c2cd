CREATE TABLE account (
    id {id},
    login TEXT,
    name TEXT NOT NULL,
    staff_id BIGINT,
    guardian_id BIGINT,
    password_hash TEXT,
    must_change BOOLEAN NOT NULL,
    totp_sealed {bytes},
    totp_step BIGINT NOT NULL,
    state TEXT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    lang TEXT NOT NULL,
    theme TEXT NOT NULL,
    text_size TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT
);
CREATE UNIQUE INDEX account_login ON account (login) WHERE login IS NOT NULL;
CREATE UNIQUE INDEX account_staff ON account (staff_id) WHERE staff_id IS NOT NULL;
CREATE UNIQUE INDEX account_guardian ON account (guardian_id) WHERE guardian_id IS NOT NULL;

CREATE TABLE role_grant (
    id {id},
    account_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    unit_name TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    granted_by BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX grant_account ON role_grant (account_id);
CREATE INDEX grant_unit ON role_grant (unit_id, role);

CREATE TABLE session (
    id {id},
    token_hash TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    grant_id BIGINT,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    device TEXT NOT NULL,
    client TEXT NOT NULL,
    strong BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE sign_code (
    id {id},
    phone_blind TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX sign_code_phone ON sign_code (phone_blind, id);

CREATE TABLE api_token (
    id {id},
    token_hash TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    grant_id BIGINT NOT NULL,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX api_token_hash ON api_token (token_hash);
CREATE INDEX api_token_account ON api_token (account_id);
