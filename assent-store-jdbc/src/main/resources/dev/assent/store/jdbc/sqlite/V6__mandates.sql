-- Who decides for whom, and who broke the glass. The columns are for finding it, and are signed with
-- the record.
CREATE TABLE ${prefix}mandate (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  holder TEXT NOT NULL,
  revision INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  given_at INTEGER NOT NULL,
  record BLOB NOT NULL,
  code BLOB NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;

CREATE INDEX ${prefix}mandate_holder ON ${prefix}mandate (tenant, holder, given_at, id);
CREATE INDEX ${prefix}mandate_newest ON ${prefix}mandate (tenant, given_at, id);

-- What the log says last of a mandate, by the very bytes that its chain covers.
CREATE INDEX ${prefix}audit_mandate ON ${prefix}audit
  (tenant, json_extract(CAST(record AS TEXT), '$.details."mandate.id"'), position)
  WHERE substr(record, -17) = CAST('"type":"mandate"}' AS BLOB);
