-- Who was shown a version of a requirement, and with what is hidden of it.
CREATE TABLE ${prefix}sight (
  tenant TEXT NOT NULL,
  requirement TEXT NOT NULL,
  version INTEGER NOT NULL,
  person TEXT NOT NULL,
  revealed INTEGER NOT NULL,
  principal TEXT NOT NULL,
  at INTEGER NOT NULL,
  code BLOB NOT NULL,
  PRIMARY KEY (tenant, requirement, version, person, revealed)
) STRICT, WITHOUT ROWID;

-- What keeps a session from being erased.
CREATE TABLE ${prefix}hold (
  tenant TEXT NOT NULL,
  session TEXT NOT NULL,
  ordered_by TEXT NOT NULL,
  why TEXT NOT NULL,
  why_commitment BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant, session)
) STRICT, WITHOUT ROWID;

-- When what a session held was destroyed with its key.
CREATE TABLE ${prefix}erasure (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  session TEXT NOT NULL,
  ordered_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  code BLOB NOT NULL
) STRICT;

CREATE INDEX ${prefix}erasure_session ON ${prefix}erasure (tenant, session, at);

CREATE INDEX ${prefix}run_session ON ${prefix}run (tenant, session);
CREATE INDEX ${prefix}run_requester ON ${prefix}run (tenant, requester, session);
CREATE INDEX ${prefix}body_session ON ${prefix}body (tenant, session);
CREATE INDEX ${prefix}effect_run ON ${prefix}effect (tenant, run);
