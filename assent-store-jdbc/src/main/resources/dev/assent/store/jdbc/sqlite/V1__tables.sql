-- Times are milliseconds since 1970. The tenant stands first in every key.

CREATE TABLE ${prefix}meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO ${prefix}meta (name, value) VALUES ('tables', '1');

CREATE TABLE ${prefix}run (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  root TEXT NOT NULL,
  parent TEXT,
  session TEXT NOT NULL,
  agent TEXT NOT NULL,
  mode TEXT NOT NULL,
  status TEXT NOT NULL,
  ended INTEGER NOT NULL,
  version INTEGER NOT NULL,
  snapshot_schema INTEGER NOT NULL,
  snapshot BLOB NOT NULL,
  requester TEXT NOT NULL,
  labels BLOB NOT NULL,
  idempotency_key TEXT,
  fence INTEGER NOT NULL,
  holder TEXT,
  lease_until INTEGER,
  lease_epoch INTEGER,
  ready_at INTEGER,
  rings INTEGER NOT NULL,
  cancel_asked_by TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;

CREATE INDEX ${prefix}run_due ON ${prefix}run (tenant, ready_at)
  WHERE ready_at IS NOT NULL;
CREATE UNIQUE INDEX ${prefix}run_conversation ON ${prefix}run (tenant, session)
  WHERE ended = 0 AND mode = 'CONVERSATION' AND root = id;
CREATE UNIQUE INDEX ${prefix}run_idempotency ON ${prefix}run (tenant, agent, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX ${prefix}run_newest ON ${prefix}run (tenant, created_at, id);
CREATE INDEX ${prefix}run_status ON ${prefix}run (tenant, status, created_at, id);

-- A wrapped key for each session: who deletes it has erased the session's bodies.
CREATE TABLE ${prefix}session_key (
  tenant TEXT NOT NULL,
  session TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  PRIMARY KEY (tenant, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE ${prefix}body (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  session TEXT NOT NULL,
  encrypted BLOB NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE ${prefix}message (
  tenant TEXT NOT NULL,
  session TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  run TEXT NOT NULL,
  role TEXT NOT NULL,
  body TEXT NOT NULL,
  commitment BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant, session, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE ${prefix}journal (
  tenant TEXT NOT NULL,
  run TEXT NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  events BLOB NOT NULL,
  PRIMARY KEY (tenant, run, version)
) STRICT, WITHOUT ROWID;

-- The columns count: where they differ from the record, they win.
CREATE TABLE ${prefix}requirement (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  run TEXT NOT NULL,
  root TEXT NOT NULL,
  agent TEXT NOT NULL,
  tool TEXT NOT NULL,
  risk TEXT NOT NULL,
  revision INTEGER NOT NULL,
  version INTEGER NOT NULL,
  counts_from INTEGER NOT NULL,
  digest BLOB NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  deadline INTEGER,
  closed_by TEXT,
  closed_at INTEGER,
  record BLOB NOT NULL,
  sort_deadline INTEGER GENERATED ALWAYS AS (coalesce(deadline, 9223372036854775807)) VIRTUAL,
  PRIMARY KEY (tenant, id)
) STRICT;

CREATE INDEX ${prefix}requirement_run ON ${prefix}requirement (tenant, run);
CREATE INDEX ${prefix}requirement_pending
  ON ${prefix}requirement (tenant, sort_deadline, created_at, id, agent, tool, kind, risk)
  WHERE status = 'PENDING';
CREATE INDEX ${prefix}requirement_all
  ON ${prefix}requirement (tenant, sort_deadline, created_at, id, status);

CREATE TABLE ${prefix}decision (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  requirement TEXT NOT NULL,
  version INTEGER NOT NULL,
  digest BLOB NOT NULL,
  principal TEXT NOT NULL,
  person TEXT NOT NULL,
  verdict TEXT NOT NULL,
  words TEXT,
  words_commitment BLOB,
  at INTEGER NOT NULL,
  idempotency_key TEXT NOT NULL,
  request BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX ${prefix}decision_once
  ON ${prefix}decision (tenant, requirement, principal, idempotency_key);

CREATE TABLE ${prefix}effect (
  tenant TEXT NOT NULL,
  key BLOB NOT NULL,
  run TEXT NOT NULL,
  call TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  status TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE ${prefix}timer (
  tenant TEXT NOT NULL,
  requirement TEXT NOT NULL,
  kind TEXT NOT NULL,
  due INTEGER NOT NULL,
  PRIMARY KEY (tenant, requirement, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX ${prefix}timer_due ON ${prefix}timer (tenant, due);

CREATE TABLE ${prefix}outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  destination TEXT NOT NULL,
  topic TEXT NOT NULL,
  subject TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX ${prefix}outbox_destination ON ${prefix}outbox (tenant, destination, id);

CREATE TABLE ${prefix}audit (
  tenant TEXT NOT NULL,
  position INTEGER NOT NULL,
  run TEXT,
  sequence INTEGER NOT NULL,
  record BLOB NOT NULL,
  hash BLOB NOT NULL,
  chain BLOB NOT NULL,
  PRIMARY KEY (tenant, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX ${prefix}audit_run ON ${prefix}audit (tenant, run, sequence)
  WHERE run IS NOT NULL;

CREATE TABLE ${prefix}account (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  person TEXT NOT NULL,
  roles TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  must_change_password INTEGER NOT NULL,
  locked INTEGER NOT NULL,
  mac BLOB NOT NULL,
  PRIMARY KEY (tenant, id),
  UNIQUE (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE ${prefix}login_session (
  tenant TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  account TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  mac BLOB NOT NULL,
  PRIMARY KEY (tenant, token_hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX ${prefix}login_session_account ON ${prefix}login_session (tenant, account);
