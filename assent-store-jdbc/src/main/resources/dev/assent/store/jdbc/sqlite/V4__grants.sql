-- Standing permissions. What one allows, and what was spent of it, is encrypted under the key of the
-- session that it was given in; the columns are for finding it, and are signed with the record.
CREATE TABLE ${prefix}standing_grant (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  session TEXT NOT NULL,
  tool TEXT NOT NULL,
  revision INTEGER NOT NULL,
  until INTEGER NOT NULL,
  revoked INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  record BLOB NOT NULL,
  code BLOB NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;

CREATE INDEX ${prefix}standing_grant_tool ON ${prefix}standing_grant (tenant, tool, until)
  WHERE revoked = 0;
CREATE INDEX ${prefix}standing_grant_newest ON ${prefix}standing_grant (tenant, created_at, id);

-- What the log says last of a grant, by the very bytes that its chain covers.
CREATE INDEX ${prefix}audit_grant ON ${prefix}audit
  (tenant, json_extract(CAST(record AS TEXT), '$.details."grant.id"'), position)
  WHERE substr(record, -15) = CAST('"type":"grant"}' AS BLOB);
