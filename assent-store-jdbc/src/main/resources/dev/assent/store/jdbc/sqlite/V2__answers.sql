-- What a decision gives beside its words: edited arguments, an answer, a result.
ALTER TABLE ${prefix}decision ADD COLUMN value TEXT;
ALTER TABLE ${prefix}decision ADD COLUMN value_commitment BLOB;

-- What waits anywhere in a tree of runs.
CREATE INDEX ${prefix}requirement_root ON ${prefix}requirement (tenant, root)
  WHERE status = 'PENDING';

UPDATE ${prefix}meta SET value = '2' WHERE name = 'tables';
