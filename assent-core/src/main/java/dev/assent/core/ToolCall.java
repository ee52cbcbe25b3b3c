package dev.assent.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
 * @param asked what its tool asked of people or handed out, oldest first
 * @param steps what its body did between questions, oldest first
 * @param proposed the arguments as the model wrote them; absent unless a person edited them
 * @param note what its approver tells the model; absent when nothing
 * @param child the run that it is carried out by; absent unless the tool is an agent
 * @param grant the standing permission that it took a use of; absent when it took none
 * @param rounds what people who decide it asked the agent back, oldest first
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
    @Nullable String code,
    List<Asked> asked,
    List<Step> steps,
    @Nullable BodyRef proposed,
    @Nullable BodyRef note,
    @Nullable RunId child,
    @Nullable GrantId grant,
    List<Round> rounds) {
  public ToolCall {
    asked = List.copyOf(asked);
    steps = List.copyOf(steps);
    rounds = List.copyOf(rounds);
  }

  /** A call that nobody asked the agent back about. */
  public ToolCall(
      ToolCallId id,
      String providerId,
      String tool,
      CallStatus status,
      int version,
      @Nullable Bound bound,
      @Nullable RequirementId requirement,
      @Nullable Attempt attempt,
      @Nullable BodyRef result,
      @Nullable String code,
      List<Asked> asked,
      List<Step> steps,
      @Nullable BodyRef proposed,
      @Nullable BodyRef note,
      @Nullable RunId child,
      @Nullable GrantId grant) {
    this(
        id,
        providerId,
        tool,
        status,
        version,
        bound,
        requirement,
        attempt,
        result,
        code,
        asked,
        steps,
        proposed,
        note,
        child,
        grant,
        List.of());
  }

  /** A call that asked nothing, and that nobody changed. */
  public ToolCall(
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
    this(
        id,
        providerId,
        tool,
        status,
        version,
        bound,
        requirement,
        attempt,
        result,
        code,
        List.of(),
        List.of(),
        null,
        null,
        null,
        null,
        List.of());
  }

  /**
   * What a judged call is bound to. Immutable.
   *
   * @param fingerprint of the tool as it was judged
   * @param arguments the canonical bytes
   * @param digest of the call in this version, see {@link CallSubject}
   * @param effect as the tool declared it
   * @param independent as the tool declared it
   * @param effectKey keyed hash of the effect's name; absent when the tool names none
   * @param repeat keyed hash of tool and arguments, to know the same call again
   */
  public record Bound(
      Digest fingerprint,
      BodyRef arguments,
      Digest digest,
      Effect effect,
      boolean independent,
      @Nullable Digest effectKey,
      @Nullable Digest repeat) {
    /** Bound without a mark to know it again by. */
    public Bound(
        Digest fingerprint,
        BodyRef arguments,
        Digest digest,
        Effect effect,
        boolean independent,
        @Nullable Digest effectKey) {
      this(fingerprint, arguments, digest, effect, independent, effectKey, null);
    }
  }

  /**
   * Something that a suspended call asked of a person or handed out. Immutable.
   *
   * @param requirement where it is asked
   * @param kind what kind of answer closes it
   * @param question keyed hash of the question; absent where the call asks only one thing
   * @param attempt the attempt that asked; 0 before the first
   * @param verdict how it was closed; absent while it is open
   * @param value what was given; absent when nothing was, or nobody answered
   */
  public record Asked(
      RequirementId requirement,
      RequirementKind kind,
      @Nullable Digest question,
      int attempt,
      @Nullable Verdict verdict,
      @Nullable BodyRef value) {
    /** True while nobody has answered it. */
    public boolean open() {
      return verdict == null;
    }
  }

  /**
   * Something that a body did and that is not done again when the body starts anew. Immutable.
   *
   * @param name unique in its call
   * @param attempt the attempt that did it
   * @param result absent while it is under way
   */
  public record Step(String name, int attempt, @Nullable BodyRef result) {}

  /**
   * What somebody who decides the call asked the agent, and what it said to that. Immutable.
   *
   * @param question the words of the decision that asked
   * @param by the principal who asked
   * @param at when they asked
   * @param version the version that they were shown
   * @param answer absent while the agent has not answered
   */
  public record Round(
      BodyRef question, String by, Instant at, int version, @Nullable RoundAnswer answer) {
    /** True while the agent has not answered. */
    public boolean open() {
      return answer == null;
    }
  }

  /**
   * What the agent said when it was asked back. Immutable.
   *
   * @param words what it said; untrusted, may be empty
   * @param note what became of it, in our words; absent when there is nothing to say
   * @param at when
   * @param version what is decided since then
   * @param before the arguments that it answered about; absent unless it changed them
   * @param after the arguments of the new version; absent unless it changed them
   */
  public record RoundAnswer(
      BodyRef words,
      @Nullable BodyRef note,
      Instant at,
      int version,
      @Nullable BodyRef before,
      @Nullable BodyRef after) {}

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

  /** The state that let it start, or lets it. */
  public CallStatus clearance() {
    if (status.cleared()) {
      return status;
    }
    if (attempt != null) {
      return attempt.from();
    }
    return requirement == null ? CallStatus.ALLOWED : CallStatus.APPROVED;
  }

  /** True when a suspended call has all its answers, so that its body can go on. */
  public boolean answered() {
    return status == CallStatus.SUSPENDED
        && child == null
        && !asked.isEmpty()
        && asked.stream().noneMatch(Asked::open)
        && asked.getLast().kind() == RequirementKind.USER_INPUT;
  }

  /** True when its body has started, so that an answer only lets it go on. */
  public boolean begun() {
    return status == CallStatus.SUSPENDED
        && (attempts() > 0 || asked.stream().anyMatch(each -> each.question() != null));
  }

  /** True when the executor may be asked to run it. */
  public boolean ready() {
    return status.cleared() || answered();
  }

  /** True while it waits for a person or a process outside. */
  public boolean waits() {
    return status.waits() && !answered();
  }

  /** True while somebody who decides it waits for what the agent says. */
  public boolean askedBack() {
    return status == CallStatus.GATED && rounds.stream().anyMatch(Round::open);
  }

  /** What was asked by this requirement. */
  public Optional<Asked> asked(RequirementId requirement) {
    return asked.stream().filter(each -> each.requirement().equals(requirement)).findFirst();
  }

  /** True when it neither changes anything outside nor holds up what follows. */
  boolean holdsUpNobody() {
    return bound != null && (bound.independent() || bound.effect() == Effect.READ_ONLY);
  }

  ToolCall to(CallStatus next) {
    if (!status.next().contains(next)) {
      throw new IllegalTransitionException(this, "it cannot become " + next);
    }
    return changed(call -> call.status = next);
  }

  ToolCall bound(Bound nextBound, int nextVersion) {
    return changed(
        call -> {
          call.bound = nextBound;
          call.version = nextVersion;
        });
  }

  /** Bound to other arguments by a person. */
  ToolCall edited(Bound nextBound, int nextVersion) {
    BodyRef before = proposed == null ? mustBeBound().arguments() : proposed;
    return bound(nextBound, nextVersion).changed(call -> call.proposed = before);
  }

  ToolCall waitingFor(RequirementId next) {
    return changed(call -> call.requirement = next);
  }

  ToolCall noted(@Nullable BodyRef words) {
    return words == null ? this : changed(call -> call.note = words);
  }

  ToolCall asking(Asked question) {
    return changed(
        call -> call.asked = Stream.concat(asked.stream(), Stream.of(question)).toList());
  }

  ToolCall answered(RequirementId to, Verdict verdict, @Nullable BodyRef value) {
    return changed(
        call ->
            call.asked =
                asked.stream()
                    .map(
                        each ->
                            each.requirement().equals(to) && each.open()
                                ? new Asked(
                                    to,
                                    each.kind(),
                                    each.question(),
                                    each.attempt(),
                                    verdict,
                                    value)
                                : each)
                    .toList());
  }

  ToolCall askedBack(Round round) {
    return changed(call -> call.rounds = Stream.concat(rounds.stream(), Stream.of(round)).toList());
  }

  /** Closes the first of its rounds that are open. */
  ToolCall answeredBack(int first, RoundAnswer answer) {
    List<Round> next = new ArrayList<>(rounds);
    for (int i = 0; i < Math.min(first, next.size()); i++) {
      Round round = next.get(i);
      if (round.open()) {
        next.set(i, new Round(round.question(), round.by(), round.at(), round.version(), answer));
      }
    }
    return changed(call -> call.rounds = next);
  }

  ToolCall step(Step done) {
    return changed(
        call ->
            call.steps =
                Stream.concat(
                        steps.stream().filter(step -> !step.name().equals(done.name())),
                        Stream.of(done))
                    .toList());
  }

  ToolCall holding(BodyRef nextResult) {
    return changed(call -> call.result = nextResult);
  }

  ToolCall carriedOutBy(RunId run) {
    return changed(call -> call.child = run);
  }

  ToolCall granted(@Nullable GrantId by) {
    return changed(call -> call.grant = by);
  }

  ToolCall trying(Attempt next) {
    return changed(call -> call.attempt = next);
  }

  ToolCall answered(BodyRef nextResult, @Nullable String nextCode) {
    return changed(
        call -> {
          call.result = nextResult;
          call.code = nextCode;
        });
  }

  private ToolCall changed(Consumer<Next> change) {
    Next next = new Next(this);
    change.accept(next);
    return next.made();
  }

  /** Collects what changes. */
  private static final class Next {
    private final ToolCall before;
    private CallStatus status;
    private int version;
    private @Nullable Bound bound;
    private @Nullable RequirementId requirement;
    private @Nullable Attempt attempt;
    private @Nullable BodyRef result;
    private @Nullable String code;
    private List<Asked> asked;
    private List<Step> steps;
    private @Nullable BodyRef proposed;
    private @Nullable BodyRef note;
    private @Nullable RunId child;
    private @Nullable GrantId grant;
    private List<Round> rounds;

    Next(ToolCall before) {
      this.before = before;
      this.status = before.status;
      this.version = before.version;
      this.bound = before.bound;
      this.requirement = before.requirement;
      this.attempt = before.attempt;
      this.result = before.result;
      this.code = before.code;
      this.asked = before.asked;
      this.steps = before.steps;
      this.proposed = before.proposed;
      this.note = before.note;
      this.child = before.child;
      this.grant = before.grant;
      this.rounds = before.rounds;
    }

    ToolCall made() {
      return new ToolCall(
          before.id,
          before.providerId,
          before.tool,
          status,
          version,
          bound,
          requirement,
          attempt,
          result,
          code,
          asked,
          steps,
          proposed,
          note,
          child,
          grant,
          rounds);
    }
  }
}
