package dev.assent.store.jdbc;

/** The statements that write. {@code {…}} stands for a table's name with the prefix. */
enum Sql {
  BEGIN("BEGIN IMMEDIATE"),
  COMMIT("COMMIT"),
  ROLLBACK("ROLLBACK"),
  SAVEPOINT("SAVEPOINT item"),
  RELEASE("RELEASE item"),
  ROLLBACK_TO("ROLLBACK TO item"),
  TOUCH("UPDATE {meta} SET value = value WHERE name = 'epoch'"),

  NEW_RUN(
      """
      INSERT INTO {run} (tenant, id, root, session, agent, mode, status, ended, version,
        snapshot_schema, snapshot, requester, labels, idempotency_key, fence, holder, lease_until,
        lease_epoch, ready_at, rings, created_at, updated_at, origin_code, state_code)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  NEXT_STATE_TAKING(
      """
      UPDATE {run} SET status = ?, ended = ?, version = ?, snapshot_schema = ?, snapshot = ?,
        state_code = ?, updated_at = ?, ready_at = CASE WHEN rings > ? THEN ? ELSE ? END,
        fence = fence + 1, holder = ?, lease_until = ?, lease_epoch = ?
      WHERE tenant = ? AND id = ? AND version = ? AND (? = 0 OR cancel_asked_by IS NULL)
        AND (? = 0 OR rings <= ?)
        AND fence = ? AND snapshot_schema <= ?
        AND (holder IS NULL OR lease_epoch <> ? OR lease_until <= ?)\
      """),
  NEXT_STATE_HOLDING(
      """
      UPDATE {run} SET status = ?, ended = ?, version = ?, snapshot_schema = ?, snapshot = ?,
        state_code = ?, updated_at = ?, ready_at = CASE WHEN rings > ? THEN ? ELSE ? END,
        holder = ?, lease_until = ?, lease_epoch = ?
      WHERE tenant = ? AND id = ? AND version = ? AND (? = 0 OR cancel_asked_by IS NULL)
        AND (? = 0 OR rings <= ?)
        AND fence = ? AND holder IS NOT NULL AND lease_epoch = ?\
      """),
  TAKE_LEASE(
      """
      UPDATE {run} SET fence = fence + 1, holder = ?, lease_until = ?, lease_epoch = ?
      WHERE tenant = ? AND id = ? AND version = ? AND fence = ? AND snapshot_schema <= ?
        AND (holder IS NULL OR lease_epoch <> ? OR lease_until <= ?)\
      """),
  KEEP_LEASE(
      """
      UPDATE {run} SET holder = ?, lease_until = ?
      WHERE tenant = ? AND id = ? AND fence = ? AND holder IS NOT NULL AND lease_epoch = ?\
      """),
  GIVE_LEASE(
      """
      UPDATE {run} SET ready_at = CASE WHEN rings > ? THEN ? ELSE ? END,
        holder = NULL, lease_until = NULL, lease_epoch = NULL
      WHERE tenant = ? AND id = ? AND fence = ? AND holder IS NOT NULL AND lease_epoch = ?\
      """),
  RING(
      """
      UPDATE {run} SET rings = rings + 1, ready_at = min(coalesce(ready_at, ?2), ?2)
      WHERE tenant = ?1 AND id = ?3 AND (?4 = 0 OR ended = 0)\
      """),
  ASK_CANCEL(
      """
      UPDATE {run} SET rings = rings + 1, ready_at = min(coalesce(ready_at, ?2), ?2),
        cancel_asked_by = ?4
      WHERE tenant = ?1 AND id = ?3 AND ended = 0 AND cancel_asked_by IS NULL\
      """),
  JOURNAL(
      """
      INSERT INTO {journal} (tenant, run, version, at, events) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  SESSION_KEY(
      """
      INSERT INTO {session_key} (tenant, session, wrapped) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  PUT_BODY(
      """
      INSERT INTO {body} (tenant, id, session, encrypted) VALUES (?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  ERASE_BODY(
      """
      DELETE FROM {body} WHERE tenant = ? AND id = ?\
      """),
  NEW_MESSAGE(
      """
      INSERT INTO {message} (tenant, session, sequence, run, role, body, commitment, at)
      SELECT ?1, ?2, coalesce(max(sequence), 0) + 1, ?3, ?4, ?5, ?6, ?7
      FROM {message} WHERE tenant = ?1 AND session = ?2\
      """),
  NEW_REQUIREMENT(
      """
      INSERT INTO {requirement} (tenant, id, kind, run, root, agent, tool, risk, revision, version,
        counts_from, digest, status, created_at, deadline, closed_by, closed_at, record, code)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  NEXT_REQUIREMENT(
      """
      UPDATE {requirement} SET risk = ?, revision = ?, version = ?, counts_from = ?, digest = ?,
        status = ?, deadline = ?, closed_by = ?, closed_at = ?, record = ?, code = ?
      WHERE tenant = ? AND id = ? AND revision = ?
        AND (? = 0 OR deadline IS NULL OR deadline >= ?)\
      """),
  EXPECT(
      """
      SELECT 1 FROM {requirement} WHERE tenant = ? AND id = ? AND version = ? AND status = ?\
      """),
  EXPECT_RUN("SELECT 1 FROM {run} WHERE tenant = ? AND id = ? AND version = ?"),
  NEW_DECISION(
      """
      INSERT INTO {decision} (tenant, requirement, version, digest, principal, person, verdict,
        words, words_commitment, at, idempotency_key, request, signature, value, value_commitment,
        reason)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  NEW_SIGHT(
      """
      INSERT INTO {sight} (tenant, requirement, version, person, revealed, principal, at, code)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  NEW_HOLD(
      """
      INSERT INTO {hold} (tenant, session, ordered_by, why, why_commitment, at)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  END_HOLD(
      """
      DELETE FROM {hold} WHERE tenant = ? AND session = ?\
      """),
  MAY_ERASE(
      """
      SELECT 1 WHERE EXISTS (SELECT 1 FROM {run} WHERE tenant = ?1 AND session = ?2)
        AND NOT EXISTS (SELECT 1 FROM {run} WHERE tenant = ?1 AND session = ?2
          AND (ended = 0 OR ready_at IS NOT NULL OR updated_at >= ?3))
        AND NOT EXISTS (SELECT 1 FROM {run} u JOIN {requirement} r
            ON r.tenant = u.tenant AND r.run = u.id
          WHERE u.tenant = ?1 AND u.session = ?2 AND r.status = 'PENDING')
        AND NOT EXISTS (SELECT 1 FROM {run} u JOIN {effect} e
            ON e.tenant = u.tenant AND e.run = u.id
          WHERE u.tenant = ?1 AND u.session = ?2 AND e.status <> 'COMMITTED')
        AND NOT EXISTS (SELECT 1 FROM {standing_grant} g
          WHERE g.tenant = ?1 AND g.session = ?2 AND g.revoked = 0 AND g.until > ?4)
        AND NOT EXISTS (SELECT 1 FROM {hold} WHERE tenant = ?1 AND session = ?2)\
      """),
  ERASE_KEY("DELETE FROM {session_key} WHERE tenant = ? AND session = ?"),
  ERASE_BODIES("DELETE FROM {body} WHERE tenant = ? AND session = ?"),
  ERASE_MESSAGES("DELETE FROM {message} WHERE tenant = ? AND session = ?"),
  ERASE_JOURNALS(
      """
      DELETE FROM {journal} WHERE tenant = ?1
        AND run IN (SELECT id FROM {run} WHERE tenant = ?1 AND session = ?2)\
      """),
  NEW_ERASURE(
      """
      INSERT INTO {erasure} (tenant, session, ordered_by, at, code) VALUES (?, ?, ?, ?, ?)\
      """),
  NEW_GRANT(
      """
      INSERT INTO {standing_grant} (tenant, id, session, tool, revision, until, revoked, created_at,
        record, code)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  NEXT_GRANT(
      """
      UPDATE {standing_grant} SET revision = ?, until = ?, revoked = ?, record = ?, code = ?
      WHERE tenant = ? AND id = ? AND session = ? AND revision = ?\
      """),
  NEW_MANDATE(
      """
      INSERT INTO {mandate} (tenant, id, holder, revision, ends, ended, given_at, record, code)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  NEXT_MANDATE(
      """
      UPDATE {mandate} SET holder = ?, revision = ?, ends = ?, ended = ?, given_at = ?, record = ?,
        code = ?
      WHERE tenant = ? AND id = ? AND revision = ?\
      """),
  RESERVE_EFFECT(
      """
      INSERT INTO {effect} (tenant, key, run, call, attempt, status, at)
      VALUES (?, ?, ?, ?, ?, 'OPEN', ?)
      ON CONFLICT DO NOTHING\
      """),
  SETTLE_EFFECT(
      """
      UPDATE {effect} SET status = ?, at = ? WHERE tenant = ? AND key = ? AND run = ? AND call = ?\
      """),
  RELEASE_EFFECT(
      """
      DELETE FROM {effect} WHERE tenant = ? AND key = ? AND run = ? AND call = ?\
      """),
  START_TIMER(
      """
      INSERT INTO {timer} (tenant, requirement, kind, due) VALUES (?, ?, ?, ?)
      ON CONFLICT (tenant, requirement, kind) DO UPDATE SET due = excluded.due\
      """),
  STOP_TIMER(
      """
      DELETE FROM {timer} WHERE tenant = ? AND requirement = ? AND kind = ?\
      """),
  STOP_TIMERS(
      """
      DELETE FROM {timer} WHERE tenant = ? AND requirement = ?\
      """),
  AUDIT(
      """
      INSERT INTO {audit} (tenant, position, run, sequence, record, hash, chain)
      VALUES (?, ?, ?, ?, ?, ?, ?)\
      """),
  AUDIT_HEAD(
      """
      SELECT position, chain FROM {audit} WHERE tenant = ? ORDER BY position DESC LIMIT 1\
      """),
  AUDIT_COUNTER(
      """
      SELECT max(sequence) FROM {audit} WHERE tenant = ? AND run = ?\
      """),
  TELL(
      """
      INSERT INTO {outbox} (tenant, destination, topic, subject, at) VALUES (?, ?, ?, ?, ?)\
      """),
  TOLD(
      """
      DELETE FROM {outbox} WHERE tenant = ? AND id = ?\
      """),

  NEW_ACCOUNT(
      """
      INSERT INTO {account} (tenant, id, name, person, roles, password_hash, must_change_password,
        locked, mac)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  UPDATE_ACCOUNT(
      """
      UPDATE OR IGNORE {account} SET name = ?3, person = ?4, roles = ?5, password_hash = ?6,
        must_change_password = ?7, locked = ?8, mac = ?9
      WHERE tenant = ?1 AND id = ?2\
      """),
  NEW_LOGIN_SESSION(
      """
      INSERT INTO {login_session} (tenant, token_hash, account, created_at, expires_at, mac)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING\
      """),
  END_LOGIN_SESSION(
      """
      DELETE FROM {login_session} WHERE tenant = ? AND account = ? AND token_hash = ?\
      """),
  END_LOGIN_SESSIONS(
      """
      DELETE FROM {login_session} WHERE tenant = ? AND account = ?\
      """),
  FORGET_LOGIN_SESSIONS(
      """
      DELETE FROM {login_session} WHERE tenant = ? AND account = ? AND expires_at <= ?\
      """);

  private final String template;

  Sql(String template) {
    this.template = template;
  }

  String template() {
    return template;
  }
}
