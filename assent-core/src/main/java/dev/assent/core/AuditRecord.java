package dev.assent.core;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log: who did what to what, by ids and digests, never with a body.
 *
 * <p>Immutable. What is stored, hashed and verified are its {@link #bytes()}, made once; a record
 * that was read and written again has the same.
 *
 * @param schema the version of this format, {@value #SCHEMA}
 * @param tenant whose log it is
 * @param seq the run's own counter, from 1 without holes, in the order in which its records are
 *     sealed; 0 when the record belongs to no run
 * @param at when it happened, by the store's clock
 * @param type what happened, such as {@code requirement.resolved}
 * @param run the run, or null
 * @param root the root of its tree of runs, or null
 * @param requirement the requirement, or null
 * @param call the tool call, or null
 * @param principal who did it, as an opaque id, or null when nobody did
 * @param details ids, digests, commitments, numbers and names of rules, each at most {@value
 *     #MAX_DETAIL} characters; empty means none
 */
public record AuditRecord(
    int schema,
    String tenant,
    long seq,
    Instant at,
    String type,
    @Nullable String run,
    @Nullable String root,
    @Nullable String requirement,
    @Nullable String call,
    @Nullable String principal,
    Map<String, String> details) {

  /** The version of the format that is written. */
  public static final int SCHEMA = 1;

  /** The longest detail, in characters: room for ids and digests, not for bodies. */
  public static final int MAX_DETAIL = 512;

  /** Detail of a transition's record: the run's version after it. */
  public static final String RUN_VERSION = "run.version";

  private static final String DOMAIN = "assent-audit-1";

  /**
   * Makes a record.
   *
   * @throws IllegalArgumentException if the schema is not known, a name is blank, a run has no
   *     counter or a counter no run, or a detail is too long
   */
  public AuditRecord {
    require(
        schema == SCHEMA,
        "This version writes and reads audit schema " + SCHEMA + ", not " + schema + ".");
    require(!tenant.isBlank(), "An audit record needs a tenant.");
    require(!type.isBlank(), "An audit record needs a type.");
    require(
        run == null ? seq == 0 : seq >= 1,
        "A record of a run counts from 1, any other has 0; this one has " + seq + ".");
    details.forEach(
        (name, value) ->
            require(
                name.length() <= MAX_DETAIL && value.length() <= MAX_DETAIL,
                "A detail of an audit record is longer than "
                    + MAX_DETAIL
                    + " characters; store an id or digest."));
    details = Collections.unmodifiableMap(new TreeMap<>(details));
  }

  /** A record that belongs to no run; add the rest with the {@code with} methods. */
  public static AuditRecord of(String tenant, Instant at, String type) {
    return new AuditRecord(SCHEMA, tenant, 0, at, type, null, null, null, null, null, Map.of());
  }

  /** The same record for a run, its root, and the run's counter from 1. */
  public AuditRecord withRun(String run, String root, long seq) {
    return new AuditRecord(
        schema, tenant, seq, at, type, run, root, requirement, call, principal, details);
  }

  /** The same record about a requirement. */
  public AuditRecord withRequirement(String requirement) {
    return new AuditRecord(
        schema, tenant, seq, at, type, run, root, requirement, call, principal, details);
  }

  /** The same record about a tool call. */
  public AuditRecord withCall(String call) {
    return new AuditRecord(
        schema, tenant, seq, at, type, run, root, requirement, call, principal, details);
  }

  /** The same record by a principal. */
  public AuditRecord withPrincipal(String principal) {
    return new AuditRecord(
        schema, tenant, seq, at, type, run, root, requirement, call, principal, details);
  }

  /** The same record with one more detail, or another value of it. */
  public AuditRecord with(String name, String value) {
    Map<String, String> more = new TreeMap<>(details);
    more.put(name, value);
    return new AuditRecord(
        schema, tenant, seq, at, type, run, root, requirement, call, principal, more);
  }

  /**
   * Reads stored bytes.
   *
   * @throws MalformedJsonException if they are not a record of this schema
   */
  public static AuditRecord read(byte[] bytes) {
    return RecordJson.read(AuditRecord.class, bytes);
  }

  /** The bytes to be stored: canonical JSON, see {@link CanonicalJson}, in the order of names. */
  public byte[] bytes() {
    StringBuilder out = new StringBuilder(512).append('{');
    member(out, "at", at.toString());
    member(out, "call", call);
    if (!details.isEmpty()) {
      out.append("\"details\":{");
      details.forEach((name, value) -> member(out, name, value));
      out.setCharAt(out.length() - 1, '}');
      out.append(',');
    }
    member(out, "principal", principal);
    member(out, "requirement", requirement);
    member(out, "root", root);
    member(out, "run", run);
    out.append("\"schema\":").append(schema);
    out.append(",\"seq\":").append(seq).append(',');
    member(out, "tenant", tenant);
    member(out, "type", type);
    out.setCharAt(out.length() - 1, '}');
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void member(StringBuilder out, String name, @Nullable String value) {
    if (value != null) {
      JsonWriting.requireScalars(name);
      JsonWriting.requireScalars(value);
      JsonWriting.quote(name, out);
      out.append(':');
      JsonWriting.quote(value, out);
      out.append(',');
    }
  }

  /** The hash of a record by its stored bytes. */
  public static Digest hash(byte[] bytes) {
    return Digest.over(DOMAIN, bytes);
  }

  /** {@link #bytes()} as text. */
  @Override
  public String toString() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
