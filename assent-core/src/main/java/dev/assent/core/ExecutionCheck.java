package dev.assent.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one check before an effect, for allowed and approved calls alike. A pure function: the
 * executor gathers what it looks at, and nothing else reaches a tool.
 *
 * @param tenant whose call it is
 * @param run the run that proposed it
 * @param requester the principal who started the run
 * @param call as the snapshot holds it
 * @param tool as it is now; absent when it is gone
 * @param arguments the stored canonical bytes and their salt
 * @param policy what the rules say now about the stored call
 * @param requirement the approval; absent for a call that never needed one
 * @param decisions every recorded decision on it
 * @param doubts every recorded decision on the doubt about the call's latest attempt, and on what
 *     the call asked
 * @param granting the standing permissions that may stand in for an approval; absent when none can
 * @param keys to tell genuine decisions from inserted ones
 * @param authority today's entitlements
 * @param now by the store's clock
 */
public record ExecutionCheck(
    String tenant,
    RunId run,
    String requester,
    ToolCall call,
    @Nullable ToolSpec tool,
    Body arguments,
    PolicyOutcome policy,
    @Nullable Requirement requirement,
    List<SignedDecision> decisions,
    List<SignedDecision> doubts,
    @Nullable Granting granting,
    Keyring keys,
    Authority authority,
    Instant now) {

  /** What the check came to. */
  public sealed interface Result {
    /**
     * Run it, with exactly the stored bytes.
     *
     * @param grant the standing permission that it needs a use of; absent when it needs none
     */
    record Go(@Nullable Grant grant) implements Result {
      /** By the rules themselves, or by the people who were asked. */
      public Go() {
        this(null);
      }
    }

    /** People must be asked (again) under these terms; {@code keepVotes} when theirs still hold. */
    record Ask(ApprovalTerms terms, boolean keepVotes, String why) implements Result {}

    /** A rule forbids it now, or the tool is gone. */
    record Deny(String rule, String reason) implements Result {}

    /** The approval was taken back by this decision. */
    record Revoked(Decision by) implements Result {}

    /** The approval is older than its rule lets it be used. */
    record TooOld() implements Result {}

    /** Its approval can still be taken back until then. */
    record NotYet(Instant until) implements Result {}

    /** The rules cannot be asked right now: the call waits and is checked again later. */
    record Later(String why) implements Result {}

    /** What is stored is not what was decided: somebody wrote to the database. */
    record Halt(String code, String why) implements Result {}
  }

  /** Runs the check. */
  public Result check() {
    ToolCall.Bound bound = call.mustBeBound();
    if (!arguments.ref().equals(bound.arguments())) {
      return new Result.Halt(
          "arguments-tampered",
          "the stored arguments of tool call " + call.id() + " are not those that were judged");
    }
    if (requirement != null && !requirement.requester().equals(requester)) {
      return new Result.Halt(
          "requirement-tampered",
          "requirement " + requirement.id() + " names another requester than its run");
    }
    CallSubject judged = subject(bound.fingerprint());
    int version = Math.max(call.version(), 1);
    if (!judged.digest(version).equals(bound.digest())) {
      return new Result.Halt(
          "digest-mismatch",
          "the digest of tool call " + call.id() + " is not that of its stored arguments");
    }
    if (tool == null) {
      return new Result.Deny("tool", "the tool " + call.tool() + " does not exist any more");
    }
    Result forged = forged(judged);
    if (forged != null) {
      return forged;
    }
    Result replayed = replayed();
    if (replayed != null) {
      return replayed;
    }
    Decision revoked = revoked();
    if (revoked != null) {
      return new Result.Revoked(revoked);
    }
    boolean sameTool = tool.fingerprint().equals(bound.fingerprint());
    return switch (policy) {
      case PolicyOutcome.Deny deny -> new Result.Deny(deny.rule(), deny.reason());
      case PolicyOutcome.Allow allow -> permitted(sameTool);
      case PolicyOutcome.Audit audit -> permitted(sameTool);
      case PolicyOutcome.Require require -> required(require.terms(), sameTool);
    };
  }

  /** What an approval of this call covers, for a tool with this fingerprint. */
  public CallSubject subject(Digest fingerprint) {
    return new CallSubject(
        run, requester, call.id(), call.tool(), fingerprint, arguments.content(), arguments.salt());
  }

  /** The rules are content without a person; one who said no is still heard. */
  private Result permitted(boolean sameTool) {
    if (!sameTool) {
      String why = changed(tool, "was judged");
      return new Result.Ask(ApprovalTerms.simple(why), false, why);
    }
    return requirement != null
            && authority.count(requirement, decided()) == Authority.Tally.REJECTED
        ? new Result.Deny("decision", "a person rejected it")
        : new Result.Go();
  }

  /** Who took the approval back; what has begun goes on. */
  private @Nullable Decision revoked() {
    return requirement == null || call.begun()
        ? null
        : decided().stream()
            .filter(d -> d.verdict() == Verdict.REVOKE && d.requirement().equals(requirement.id()))
            .findFirst()
            .orElse(null);
  }

  private static String changed(@Nullable ToolSpec tool, String since) {
    return tool == null || tool.pin() == null
        ? "the tool changed after the call " + since
        : "the tool, what the call would do, or what it depends on changed after the call " + since;
  }

  private List<Decision> decided() {
    return decisions.stream().map(SignedDecision::decision).toList();
  }

  private Result required(ApprovalTerms terms, boolean sameTool) {
    if (requirement == null) {
      return sameTool
          ? granted()
              .<Result>map(Result.Go::new)
              .orElseGet(() -> new Result.Ask(terms, false, whyNotGranted(terms)))
          : new Result.Ask(terms, false, "the tool changed after the call was judged");
    }
    if (!sameTool) {
      return new Result.Ask(terms, false, changed(tool, "was approved"));
    }
    Requirement today =
        requirement.askedAgain(
            requirement.version(), requirement.digest(), terms, requirement.deadline(), true, now);
    List<Decision> all = decided();
    return switch (authority.count(today, all)) {
      case APPROVED -> call.begun() ? new Result.Go() : inTime(terms, all);
      case REJECTED -> new Result.Deny("decision", "a person rejected it");
      case OPEN -> new Result.Ask(terms, true, "the recorded approvals are not enough today");
    };
  }

  private Optional<Grant> granted() {
    return granting == null ? Optional.empty() : granting.serving(authority, now);
  }

  private String whyNotGranted(ApprovalTerms terms) {
    return granting == null || granting.grants().isEmpty()
        ? "the rules became stricter: " + terms.rule()
        : "no standing permission covers it any more: " + terms.rule();
  }

  /** Starting an attempt used the clearance up; only "it did not happen" gives it back. */
  private @Nullable Result replayed() {
    Result unanswered = unanswered();
    if (unanswered != null || !call.ready() || call.attempts() == 0 || suspendedLast()) {
      return unanswered;
    }
    RequirementId doubt =
        RequirementId.of(run, call.id(), RequirementKind.RECONCILIATION, call.attempts());
    boolean givenBack =
        doubts.stream()
            .filter(signed -> signed.genuine(keys, tenant))
            .map(SignedDecision::decision)
            .anyMatch(d -> d.requirement().equals(doubt) && d.verdict() == Verdict.DID_NOT_HAPPEN);
    return givenBack
        ? null
        : new Result.Halt(
            "attempt-replayed",
            "tool call "
                + call.id()
                + " was tried before and nobody of this system said that it did not happen");
  }

  /** Each answer that the body gets must have been given, and be the one that is stored. */
  private @Nullable Result unanswered() {
    for (ToolCall.Asked asked : call.asked()) {
      if (asked.verdict() != null && !given(asked)) {
        return new Result.Halt(
            "forged-decision",
            "the answer to " + asked.requirement() + " was not recorded by this system");
      }
    }
    return null;
  }

  private boolean given(ToolCall.Asked asked) {
    return doubts.stream()
        .filter(signed -> signed.genuine(keys, tenant))
        .map(SignedDecision::decision)
        .anyMatch(
            d ->
                d.requirement().equals(asked.requirement())
                    && d.verdict() == asked.verdict()
                    && Objects.equals(d.value(), asked.value()));
  }

  /** The latest attempt ended by asking; its answer, checked above, lets the body start again. */
  private boolean suspendedLast() {
    return call.asked().stream()
        .anyMatch(asked -> asked.attempt() == call.attempts() && asked.verdict() != null);
  }

  private @Nullable Result forged(CallSubject judged) {
    if (requirement != null && !requirement.digest().equals(judged.digest(requirement.version()))) {
      return new Result.Halt(
          "digest-mismatch",
          "requirement " + requirement.id() + " was decided for another call than the stored one");
    }
    for (SignedDecision signed : decisions) {
      Decision decision = signed.decision();
      if (!signed.genuine(keys, tenant)) {
        return new Result.Halt(
            "forged-decision",
            "a decision on " + decision.requirement() + " was not recorded by this system");
      }
      boolean counts =
          requirement != null
              && decision.requirement().equals(requirement.id())
              && decision.version() >= requirement.countsFrom();
      if (counts && !decision.digest().equals(judged.digest(decision.version()))) {
        return new Result.Halt(
            "digest-mismatch",
            "a decision on " + decision.requirement() + " was made for another call");
      }
    }
    return null;
  }

  /** Neither too late after the last decision nor too early. */
  private Result inTime(ApprovalTerms terms, List<Decision> all) {
    Instant last = all.stream().map(Decision::at).max(Instant::compareTo).orElse(null);
    Duration useBy = terms.useBy();
    Duration undo = terms.undo();
    if (last != null && useBy != null && now.isAfter(last.plus(useBy))) {
      return new Result.TooOld();
    }
    return last != null && undo != null && now.isBefore(last.plus(undo))
        ? new Result.NotYet(last.plus(undo))
        : new Result.Go();
  }
}
