-- One message to one person. The identifier is the sender's, so a job that runs twice is one message.
CREATE TABLE outgoing (
    id {id},
    channel TEXT NOT NULL,
    template TEXT NOT NULL,
    to_sealed {bytes} NOT NULL,
    body_sealed {bytes} NOT NULL,
    guardian_id BIGINT,
    account_id BIGINT,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    fault TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX outgoing_state ON outgoing (state, id);
