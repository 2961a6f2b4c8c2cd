-- The feed of a school's ledger in recorded order is read by cursor. On PostgreSQL the primary key is that index.
--lite: CREATE INDEX touch_feed ON touch (school_id, id);
-- The form of an activity sent twice records it once.
ALTER TABLE act ADD COLUMN client_key TEXT;
CREATE UNIQUE INDEX act_client ON act (unit_id, client_key) WHERE client_key IS NOT NULL;
