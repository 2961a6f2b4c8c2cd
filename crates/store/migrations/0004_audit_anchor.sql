-- The tips of every chain of the audit log on a day, themselves a chain: links cut off the end of a node's chain, or a
-- whole chain that is gone, contradict the last anchor.
CREATE TABLE audit_anchor (
    day TEXT PRIMARY KEY,
    tips TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
