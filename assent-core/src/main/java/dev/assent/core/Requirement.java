package dev.assent.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a paused run waits for: about one thing, durable before anybody hears of it. Immutable.
 *
 * @param id its name
 * @param kind what kind of answer closes it
 * @param run the run that waits
 * @param root the run that a person started, on which it shows
 * @param session the conversation
 * @param agent name of the agent
 * @param call the tool call it is about
 * @param tool the tool of that call
 * @param attempt of a reconciliation: the attempt in doubt; 0 otherwise
 * @param revision counts every change of it, from 1: the compare-and-set value
 * @param version what is to be decided now; a decision names the one that was shown
 * @param countsFrom earliest version whose decisions still count
 * @param digest of what is shown, see {@link CallSubject}; of a reconciliation: of the attempt
 * @param terms who must agree and how long it stays open
 * @param requester the principal who started the run
 * @param arguments the canonical bytes to show
 * @param words what the agent said beside its calls, or why there is doubt; untrusted
 * @param createdAt when it was first asked
 * @param deadline until when this version can be decided; absent means for ever
 * @param status where it stands
 * @param closedBy the principal whose decision closed it; absent when nobody's did
 * @param closedAt when it was closed
 */
public record Requirement(
    RequirementId id,
    RequirementKind kind,
    RunId run,
    RunId root,
    String session,
    String agent,
    ToolCallId call,
    String tool,
    int attempt,
    long revision,
    int version,
    int countsFrom,
    Digest digest,
    ApprovalTerms terms,
    String requester,
    BodyRef arguments,
    @Nullable BodyRef words,
    Instant createdAt,
    @Nullable Instant deadline,
    RequirementStatus status,
    @Nullable String closedBy,
    @Nullable Instant closedAt) {

  /** True while it can be decided. */
  public boolean open() {
    return status == RequirementStatus.PENDING;
  }

  /** True when nobody can decide it after its deadline; otherwise it is only overdue then. */
  public boolean closesAtDeadline() {
    return kind != RequirementKind.RECONCILIATION
        && terms.onExpiry() != ApprovalTerms.OnExpiry.KEEP;
  }

  /** The same question in a new version; earlier decisions count when {@code keepVotes}. */
  public Requirement askedAgain(
      int nextVersion,
      Digest nextDigest,
      ApprovalTerms nextTerms,
      @Nullable Instant nextDeadline,
      boolean keepVotes) {
    return new Requirement(
        id,
        kind,
        run,
        root,
        session,
        agent,
        call,
        tool,
        attempt,
        revision + 1,
        nextVersion,
        keepVotes ? countsFrom : nextVersion,
        nextDigest,
        nextTerms,
        requester,
        arguments,
        words,
        createdAt,
        nextDeadline,
        RequirementStatus.PENDING,
        null,
        null);
  }

  /** Closed in this way; {@code by} is absent when time or the run closed it. */
  public Requirement closed(RequirementStatus how, @Nullable String by, Instant at) {
    return new Requirement(
        id,
        kind,
        run,
        root,
        session,
        agent,
        call,
        tool,
        attempt,
        revision + 1,
        version,
        countsFrom,
        digest,
        terms,
        requester,
        arguments,
        words,
        createdAt,
        deadline,
        how,
        by,
        at);
  }

  /** The same one after a vote that did not close it. */
  public Requirement voted() {
    return new Requirement(
        id,
        kind,
        run,
        root,
        session,
        agent,
        call,
        tool,
        attempt,
        revision + 1,
        version,
        countsFrom,
        digest,
        terms,
        requester,
        arguments,
        words,
        createdAt,
        deadline,
        status,
        closedBy,
        closedAt);
  }
}
