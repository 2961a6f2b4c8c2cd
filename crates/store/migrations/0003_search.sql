-- The terms of a record in one row, so that they can be taken back without an index over all terms: each term is
-- then one entry of one tree instead of three.
CREATE TABLE search_record (
    kind TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    terms TEXT NOT NULL,
    PRIMARY KEY (kind, object_id)
--pg:);
--lite:) WITHOUT ROWID;
INSERT INTO search_record (kind, object_id, terms)
--pg: SELECT kind, object_id, string_agg(gram, ' ') FROM search_gram GROUP BY kind, object_id;
--lite: SELECT kind, object_id, group_concat(gram, ' ') FROM search_gram GROUP BY kind, object_id;
DROP INDEX search_object;
--lite:CREATE TABLE search_gram_lean (
--lite:    gram TEXT NOT NULL,
--lite:    kind TEXT NOT NULL,
--lite:    object_id BIGINT NOT NULL,
--lite:    school_id BIGINT NOT NULL,
--lite:    PRIMARY KEY (gram, kind, object_id)
--lite:) WITHOUT ROWID;
--lite:INSERT INTO search_gram_lean SELECT gram, kind, object_id, school_id FROM search_gram;
--lite:DROP TABLE search_gram;
--lite:ALTER TABLE search_gram_lean RENAME TO search_gram;
