package dev.assent.core;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One pass over an audit log; see {@link AuditVerification}. */
final class AuditWalk {
  private final AuditChain from;
  private final TreeMap<Long, Digest> checkpoints = new TreeMap<>();
  private final Map<String, Long> counters = new HashMap<>();
  private AuditChain end;

  AuditWalk(AuditChain from, Collection<AuditChain> checkpoints) {
    this.from = from;
    this.end = from;
    for (AuditChain checkpoint : checkpoints) {
      if (!checkpoint.tenant().equals(from.tenant())) {
        throw new IllegalArgumentException(
            "A checkpoint is of another tenant; pass those of this one.");
      }
      this.checkpoints.put(checkpoint.position(), checkpoint.head());
    }
  }

  AuditVerification over(Iterable<SealedAuditRecord> records) {
    Digest signed = checkpoints.get(from.position());
    if (signed != null && !signed.equals(from.head())) {
      return new AuditVerification.Broken(
          from.position(), "The chain at " + from.position() + " is not that of the checkpoint.");
    }
    for (SealedAuditRecord record : records) {
      String problem = step(record);
      if (problem != null) {
        return new AuditVerification.Broken(end.position() + 1, problem);
      }
    }
    return finish();
  }

  /** What is wrong with the next record; null when nothing is. */
  private @Nullable String step(SealedAuditRecord record) {
    long expected = end.position() + 1;
    if (record.position() != expected) {
      return place(record.position(), expected);
    }
    if (!AuditRecord.hash(record.recordBytes()).equals(record.hash())) {
      return "The bytes of record "
          + expected
          + " do not have its hash: one of the two was changed.";
    }
    if (!end.next(record.hash()).equals(record.chain())) {
      return "Record "
          + expected
          + " does not continue the chain: a record was changed, removed, put in or moved.";
    }
    Digest signed = checkpoints.get(expected);
    if (signed != null && !signed.equals(record.chain())) {
      return "The chain at "
          + expected
          + " is not that of the checkpoint: the log up to here was written anew.";
    }
    String problem = content(record);
    if (problem == null) {
      end = end.after(record);
    }
    return problem;
  }

  private static String place(long found, long expected) {
    return found > expected
        ? "Record " + expected + " is missing: " + found + " stands in its place."
        : "Record " + found + " stands in the place of " + expected + ": it was repeated or moved.";
  }

  private @Nullable String content(SealedAuditRecord record) {
    try {
      if (!(Json.parse(record.recordBytes()) instanceof JsonObject object)) {
        return "Record " + record.position() + " is not an object.";
      }
      if (!object.string("tenant").equals(end.tenant())) {
        return "Record "
            + record.position()
            + " is of the tenant "
            + shown(object.string("tenant"))
            + ".";
      }
      return object.has("run")
          ? counter(object.string("run"), object.number("seq").toLong())
          : null;
    } catch (MalformedJsonException e) {
      return "Record " + record.position() + " cannot be read. " + e.getMessage();
    }
  }

  private @Nullable String counter(String run, long seq) {
    Long last = counters.put(run, seq);
    if (last == null && (from.position() > 0 || seq == 1) || last != null && seq == last + 1) {
      return null;
    }
    return "The records of the run "
        + shown(run)
        + " go from "
        + (last == null ? 0 : last)
        + " to "
        + seq
        + " in its own counter: records are missing or repeated.";
  }

  private static String shown(String text) {
    return SafeText.of(text).cut(100).toString();
  }

  private AuditVerification finish() {
    if (!checkpoints.isEmpty() && checkpoints.lastKey() > end.position()) {
      return new AuditVerification.Broken(
          end.position() + 1,
          "The log ends at "
              + end.position()
              + ", but a checkpoint was made at "
              + checkpoints.lastKey()
              + ".");
    }
    return new AuditVerification.Intact(end.position() - from.position(), end.head());
  }
}
