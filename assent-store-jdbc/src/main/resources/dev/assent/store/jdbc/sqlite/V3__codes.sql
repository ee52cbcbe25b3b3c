-- Codes under the master key. The rows of an older file get theirs right after this, and meta says
-- 3 only then: see OlderRows.
ALTER TABLE ${prefix}run ADD COLUMN origin_code BLOB;
ALTER TABLE ${prefix}run ADD COLUMN state_code BLOB;
ALTER TABLE ${prefix}requirement ADD COLUMN code BLOB;
