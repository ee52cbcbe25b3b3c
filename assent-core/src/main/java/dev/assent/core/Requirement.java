package dev.assent.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
 * @param attempt of a reconciliation: the attempt in doubt; of a review: which look it is, from 1;
 *     otherwise the attempt that asked
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
 * @param content what is asked beside the arguments: a {@link Form}, an output, of an approval what
 *     the call would do ({@link Pinned}); absent otherwise
 * @param proposed the arguments as the agent proposed them; absent unless somebody edited them
 * @param editedBy the principal who edited last; absent unless somebody did
 * @param takenBy who has begun to execute the call outside; absent while nobody has
 * @param claim who sees to it; absent while nobody does, or it is closed
 * @param askedAt when it was asked again and what had been said before did not count any more: from
 *     then on its escalation is counted; absent means since it was created
 * @param addedRungs of its escalation, those that came into its terms later, while what had been
 *     asked before went on: each is counted from its own time
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
    @Nullable Instant closedAt,
    @Nullable BodyRef content,
    @Nullable BodyRef proposed,
    @Nullable String editedBy,
    @Nullable String takenBy,
    @Nullable Claim claim,
    @Nullable Instant askedAt,
    List<AddedRung> addedRungs) {
  public Requirement {
    addedRungs = List.copyOf(addedRungs);
  }

  /**
   * A rung of an escalation that was not there when it was first asked. Immutable.
   *
   * @param group which may decide
   * @param askedAt since when the terms hold it
   */
  public record AddedRung(Threshold group, Instant askedAt) {}

  /** A requirement that nobody has claimed. */
  public Requirement(
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
      @Nullable Instant closedAt,
      @Nullable BodyRef content,
      @Nullable BodyRef proposed,
      @Nullable String editedBy,
      @Nullable String takenBy) {
    this(
        id,
        kind,
        run,
        root,
        session,
        agent,
        call,
        tool,
        attempt,
        revision,
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
        closedAt,
        content,
        proposed,
        editedBy,
        takenBy,
        null,
        null,
        List.of());
  }

  /** A requirement about nothing but a call's arguments, which nobody edited. */
  public Requirement(
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
    this(
        id,
        kind,
        run,
        root,
        session,
        agent,
        call,
        tool,
        attempt,
        revision,
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
        closedAt,
        null,
        null,
        null,
        null);
  }

  /** When this group may begin to decide it; who is asked from the beginning, when it was asked. */
  public Instant begins(Threshold group) {
    Instant asked = askedAt == null ? createdAt : askedAt;
    Duration after = group.after();
    return after == null
        ? asked
        : terms.after(added(group).map(AddedRung::askedAt).orElse(asked), after);
  }

  private Optional<AddedRung> added(Threshold group) {
    return addedRungs.stream().filter(rung -> rung.group().equals(group)).findFirst();
  }

  /** With these terms, of which nobody was asked before now what the earlier ones do not hold. */
  private List<AddedRung> addedBy(ApprovalTerms nextTerms, Instant now) {
    boolean sameHours = Objects.equals(terms.hours(), nextTerms.hours());
    List<Threshold> known = sameHours ? terms.rungs() : List.of();
    return nextTerms.rungs().stream()
        .flatMap(
            group ->
                known.contains(group)
                    ? added(group).stream()
                    : Stream.of(new AddedRung(group, now)))
        .toList();
  }

  /**
   * True when what this group says at that time counts: always, but for a rung of an escalation.
   */
  public boolean heard(Threshold group, Instant at) {
    return group.after() == null || !at.isBefore(begins(group));
  }

  /** The latest rung of its escalation that had begun by then; empty when none had. */
  public Optional<Instant> escalatedAt(Instant now) {
    return rungs().filter(begins -> !begins.isAfter(now)).reduce((before, later) -> later);
  }

  /** When the next rung of its escalation begins, from then on; empty when there is none. */
  public Optional<Instant> nextRung(Instant now) {
    return rungs().filter(begins -> begins.isAfter(now)).findFirst();
  }

  /** When its rungs begin, in order; those that come after its end are left out. */
  private Stream<Instant> rungs() {
    return terms.rungs().stream()
        .map(this::begins)
        .filter(begins -> deadline == null || !closesAtDeadline() || begins.isBefore(deadline))
        .sorted();
  }

  /** The same one when another rung of its escalation has begun. */
  public Requirement escalated() {
    return new Next(this).made();
  }

  /** True while it can be decided. */
  public boolean open() {
    return status == RequirementStatus.PENDING;
  }

  /** True when nobody can decide it after its deadline; otherwise it is only overdue then. */
  public boolean closesAtDeadline() {
    return kind != RequirementKind.RECONCILIATION
        && terms.onExpiry() != ApprovalTerms.OnExpiry.KEEP;
  }

  /** What is signed of a requirement that is no approval: the call and all that is asked. */
  public static Digest asked(RequirementId id, Digest call, @Nullable BodyRef content) {
    return Digest.over(
        "assent-asked-1",
        id.value().getBytes(StandardCharsets.UTF_8),
        call.bytes(),
        content == null ? new byte[0] : content.commitment().bytes());
  }

  /**
   * The same question in a new version; earlier decisions count when {@code keepVotes}. Its
   * escalation goes on then, but for a rung that comes in now; otherwise it is counted from now.
   */
  public Requirement askedAgain(
      int nextVersion,
      Digest nextDigest,
      ApprovalTerms nextTerms,
      @Nullable Instant nextDeadline,
      boolean keepVotes,
      Instant now) {
    Next next = new Next(this);
    next.askedAt = keepVotes ? askedAt : now;
    next.addedRungs = keepVotes ? addedBy(nextTerms, now) : List.of();
    next.version = nextVersion;
    next.countsFrom = keepVotes ? countsFrom : nextVersion;
    next.digest = nextDigest;
    next.terms = nextTerms;
    next.deadline = nextDeadline;
    next.status = RequirementStatus.PENDING;
    next.closedBy = null;
    next.closedAt = null;
    return next.made();
  }

  /**
   * With other arguments: a new version that nobody has voted on. Deadline and escalation go on,
   * but for a rung that comes in now.
   */
  public Requirement edited(
      BodyRef nextArguments, Digest nextDigest, ApprovalTerms nextTerms, String by, Instant now) {
    Next next = new Next(this);
    next.addedRungs = addedBy(nextTerms, now);
    next.version = version + 1;
    next.countsFrom = next.version;
    next.digest = nextDigest;
    next.terms = nextTerms;
    next.arguments = nextArguments;
    next.proposed = proposed == null ? arguments : proposed;
    next.editedBy = by;
    next.claim = null;
    next.content = null; // what the edited call would do is found out before it runs
    return next.made();
  }

  /** The same revision, showing what the call would do; absent when its tool cannot tell. */
  public Requirement showing(@Nullable BodyRef pinned) {
    Next next = new Next(this);
    next.revision = revision;
    next.content = pinned;
    return next.made();
  }

  /**
   * The same revision, about arguments that somebody changed while filling in the call's fields.
   *
   * @param from the arguments as the agent proposed them
   */
  public Requirement changedTo(BodyRef nextArguments, BodyRef from, String by) {
    Next next = new Next(this);
    next.revision = revision;
    next.arguments = nextArguments;
    next.proposed = from;
    next.editedBy = by;
    return next.made();
  }

  /** The same revision, about arguments that the agent proposes now. */
  public Requirement proposing(BodyRef nextArguments) {
    Next next = new Next(this);
    next.revision = revision;
    next.arguments = nextArguments;
    return next.made();
  }

  /** The same one, of which something was said that changes nothing of what is decided. */
  public Requirement spokenOf() {
    return new Next(this).made();
  }

  /** Closed in this way; {@code by} is absent when time or the run closed it. */
  public Requirement closed(RequirementStatus how, @Nullable String by, Instant at) {
    Next next = new Next(this);
    next.status = how;
    next.closedBy = by;
    next.closedAt = at;
    next.claim = null;
    return next.made();
  }

  /** The same one after a vote that did not close it; who claimed it has done their part. */
  public Requirement voted() {
    return claimed(null);
  }

  /** The same one, which somebody sees to, or nobody any more. */
  public Requirement claimed(@Nullable Claim next) {
    Next changed = new Next(this);
    changed.claim = next;
    return changed.made();
  }

  /** The same one, which somebody has begun to execute. */
  public Requirement taken(String by) {
    Next next = new Next(this);
    next.takenBy = by;
    return next.made();
  }

  /**
   * The same revision under a digest that no decision can be recorded with: it is seen, and nobody
   * can agree to it.
   */
  public Requirement notAsWritten() {
    Next next = new Next(this);
    next.revision = revision;
    next.digest = Digest.over("assent-not-what-is-shown", digest.bytes());
    return next.made();
  }

  /** Collects what changes from one revision to the next. */
  private static final class Next {
    private final Requirement before;
    private long revision;
    private int version;
    private int countsFrom;
    private Digest digest;
    private ApprovalTerms terms;
    private BodyRef arguments;
    private @Nullable Instant deadline;
    private RequirementStatus status;
    private @Nullable String closedBy;
    private @Nullable Instant closedAt;
    private @Nullable BodyRef content;
    private @Nullable BodyRef proposed;
    private @Nullable String editedBy;
    private @Nullable String takenBy;
    private @Nullable Claim claim;
    private @Nullable Instant askedAt;
    private List<AddedRung> addedRungs;

    Next(Requirement before) {
      this.before = before;
      this.revision = before.revision + 1;
      this.version = before.version;
      this.countsFrom = before.countsFrom;
      this.digest = before.digest;
      this.terms = before.terms;
      this.arguments = before.arguments;
      this.deadline = before.deadline;
      this.status = before.status;
      this.closedBy = before.closedBy;
      this.closedAt = before.closedAt;
      this.content = before.content;
      this.proposed = before.proposed;
      this.editedBy = before.editedBy;
      this.takenBy = before.takenBy;
      this.claim = before.claim;
      this.askedAt = before.askedAt;
      this.addedRungs = before.addedRungs;
    }

    Requirement made() {
      return new Requirement(
          before.id,
          before.kind,
          before.run,
          before.root,
          before.session,
          before.agent,
          before.call,
          before.tool,
          before.attempt,
          revision,
          version,
          countsFrom,
          digest,
          terms,
          before.requester,
          arguments,
          before.words,
          before.createdAt,
          deadline,
          status,
          closedBy,
          closedAt,
          content,
          proposed,
          editedBy,
          takenBy,
          claim,
          askedAt,
          addedRungs);
    }
  }
}
