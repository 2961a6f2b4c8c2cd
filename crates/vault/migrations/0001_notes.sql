-- A note that few may read: sealed, opened only with a purpose, every opening kept.
CREATE TABLE protected_note (
    id {id},
    school_id BIGINT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    author_account_id BIGINT NOT NULL,
    author_name TEXT NOT NULL,
    client_key TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX protected_note_key ON protected_note (client_key);
CREATE INDEX protected_note_owner ON protected_note (owner_kind, owner_id);
CREATE INDEX protected_note_student ON protected_note (student_id);

-- Who opened a note, when, and what for. The guardian sees this and not the note.
CREATE TABLE protected_note_access (
    id {id},
    note_id BIGINT NOT NULL,
    student_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    purpose TEXT NOT NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX protected_note_access_note ON protected_note_access (note_id, at);
CREATE INDEX protected_note_access_student ON protected_note_access (student_id, at);
