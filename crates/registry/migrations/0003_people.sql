-- A guardian who took consent back for a child, or refused it, receives nothing here: `may_receive` is off
-- then, so that every statement that asks for it is right, and `withheld` says that consent turns it on again
-- to what custody says. Telephone and paper go on.
ALTER TABLE guardianship ADD COLUMN withheld BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE guardianship ADD COLUMN custody_receives BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE consent ADD COLUMN refused BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE guardianship SET custody_receives = may_receive, may_receive = FALSE, withheld = TRUE
    WHERE EXISTS (SELECT 1 FROM consent c WHERE c.student_id = guardianship.student_id
                  AND c.guardian_id = guardianship.guardian_id AND c.withdrawn_at IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.student_id = guardianship.student_id
                      AND c.guardian_id = guardianship.guardian_id AND c.withdrawn_at IS NULL);

-- The words of the notice that a district decides, by version. A consent names the version it was given to.
CREATE TABLE notice_text (
    id {id},
    version BIGINT NOT NULL,
    storage_zh TEXT NOT NULL,
    storage_en TEXT NOT NULL,
    made_by BIGINT,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX notice_text_version ON notice_text (version);

-- What a person is told of their own account at the next sign-in: somebody set a new password for them, or
-- took their second factor off.
CREATE TABLE account_news (
    id {id},
    account_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    told_at BIGINT
);
CREATE INDEX account_news_account ON account_news (account_id, id);

CREATE INDEX consent_version ON consent (notice_version) WHERE withdrawn_at IS NULL;
