-- A letter in somebody's inbox, in the words it went with.
CREATE TABLE inbox_letter (
    account_id BIGINT NOT NULL,
    letter_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    said_sealed {bytes} NOT NULL,
    PRIMARY KEY (account_id, letter_id)
);
CREATE INDEX inbox_letter_at ON inbox_letter (at);
