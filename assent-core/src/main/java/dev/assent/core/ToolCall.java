package dev.assent.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call that the model asked for, as the run's snapshot holds it. Immutable.
 *
 * @param id its name in the run
 * @param providerId the id that the model gave, to answer it under
 * @param tool the tool that the model named; hostile text until the call is judged
 * @param status where it stands in the table of {@link CallStatus}
 * @param version counts what is to be decided; 0 before the first judgement
 * @param bound what a judgement bound it to; absent before, and for a refused call
 * @param requirement the approval that it needs or had
 * @param attempt the latest try to execute it
 * @param result the one tool result, once settled
 * @param code stable name of the error, if it ended with one
 */
public record ToolCall(
    ToolCallId id,
    String providerId,
    String tool,
    CallStatus status,
    int version,
    @Nullable Bound bound,
    @Nullable RequirementId requirement,
    @Nullable Attempt attempt,
    @Nullable BodyRef result,
    @Nullable String code) {

  /**
   * What a judged call is bound to. Immutable.
   *
   * @param fingerprint of the tool as it was judged
   * @param arguments the canonical bytes
   * @param digest of the call in this version, see {@link CallSubject}
   * @param effect as the tool declared it
   * @param independent as the tool declared it
   * @param effectKey keyed hash of the effect's name; absent when the tool names none
   */
  public record Bound(
      Digest fingerprint,
      BodyRef arguments,
      Digest digest,
      Effect effect,
      boolean independent,
      @Nullable Digest effectKey) {}

  /**
   * One try to execute the call. Immutable.
   *
   * @param number counts from 1
   * @param startedAt when the intent was committed
   * @param until when its time limit ends
   * @param from the state that let it start
   */
  public record Attempt(int number, Instant startedAt, Instant until, CallStatus from) {}

  static ToolCall proposed(ToolCallId id, String providerId, String tool) {
    return new ToolCall(id, providerId, tool, CallStatus.PROPOSED, 0, null, null, null, null, null);
  }

  /** How many attempts have started. */
  public int attempts() {
    return attempt == null ? 0 : attempt.number();
  }

  /**
   * What the judgement bound.
   *
   * @throws IllegalTransitionException when the call was never bound
   */
  public Bound mustBeBound() {
    if (bound == null) {
      throw new IllegalTransitionException(this, "it was never judged");
    }
    return bound;
  }

  /** True when it neither changes anything outside nor holds up what follows. */
  boolean holdsUpNobody() {
    return bound != null && (bound.independent() || bound.effect() == Effect.READ_ONLY);
  }

  ToolCall to(CallStatus next) {
    if (!status.next().contains(next)) {
      throw new IllegalTransitionException(this, "it cannot become " + next);
    }
    return new ToolCall(
        id, providerId, tool, next, version, bound, requirement, attempt, result, code);
  }

  ToolCall bound(Bound nextBound, int nextVersion) {
    return new ToolCall(
        id, providerId, tool, status, nextVersion, nextBound, requirement, attempt, result, code);
  }

  ToolCall waitingFor(RequirementId next) {
    return new ToolCall(id, providerId, tool, status, version, bound, next, attempt, result, code);
  }

  ToolCall trying(Attempt next) {
    return new ToolCall(
        id, providerId, tool, status, version, bound, requirement, next, result, code);
  }

  ToolCall answered(BodyRef nextResult, @Nullable String nextCode) {
    return new ToolCall(
        id, providerId, tool, status, version, bound, requirement, attempt, nextResult, nextCode);
  }
}
