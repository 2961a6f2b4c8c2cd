-- One row: replaced with every change of a setting, so that a node knows by one number whether what it keeps still holds.
CREATE TABLE setting_version (version BIGINT NOT NULL);
INSERT INTO setting_version (version) VALUES (0);
