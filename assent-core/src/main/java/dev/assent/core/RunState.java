package dev.assent.core;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot of a run: all that is needed to go on, and nothing that grows with its history.
 * Immutable.
 *
 * @param schema version of this form, see {@link #SCHEMA}
 * @param id the run
 * @param root the run that a person started; itself unless it is a child
 * @param session the conversation it belongs to
 * @param agent name of the agent
 * @param mode who runs the loop
 * @param version counts transitions: the position in the journal and the compare-and-set value
 * @param turns model replies so far
 * @param nextCall number of the next tool call
 * @param calls the batch of the latest reply, in the model's order
 * @param use tokens of all turns
 * @param cancelledBy who asked to cancel; absent when nobody did
 * @param end how it ended; absent while it has not
 * @param parent the call that this run carries out; absent for a root
 * @param variables a JSON object that tools and prompts share; absent while it is empty
 * @param review the answer that a person looks at before it counts; absent while there is none
 * @param refusals calls that were rejected or denied, so that their repeats are answered unasked
 */
public record RunState(
    int schema,
    RunId id,
    RunId root,
    String session,
    String agent,
    RunMode mode,
    long version,
    int turns,
    int nextCall,
    List<ToolCall> calls,
    TokenUse use,
    @Nullable String cancelledBy,
    @Nullable End end,
    @Nullable Parent parent,
    @Nullable BodyRef variables,
    @Nullable OutputReview review,
    List<Refusal> refusals) {

  /** A root that has neither variables, nor a review, nor refusals. */
  public RunState(
      int schema,
      RunId id,
      RunId root,
      String session,
      String agent,
      RunMode mode,
      long version,
      int turns,
      int nextCall,
      List<ToolCall> calls,
      TokenUse use,
      @Nullable String cancelledBy,
      @Nullable End end) {
    this(
        schema,
        id,
        root,
        session,
        agent,
        mode,
        version,
        turns,
        nextCall,
        calls,
        use,
        cancelledBy,
        end,
        null,
        null,
        null,
        List.of());
  }

  /** The newest form this code writes; a newer one is never claimed. */
  public static final int SCHEMA = 4;

  /**
   * How a run ended.
   *
   * @param status COMPLETED, FAILED or CANCELLED
   * @param output the answer, or what went wrong
   * @param code stable name of the error, for FAILED
   */
  public record End(RunStatus status, @Nullable BodyRef output, @Nullable String code) {}

  /** The call that a run carries out for another agent. */
  public record Parent(RunId run, ToolCallId call) {}

  /**
   * An answer that waits for a person's look.
   *
   * @param output the answer
   * @param requirement where it is asked about
   * @param round counts from 1
   * @param open false once changes were asked for
   */
  public record OutputReview(BodyRef output, RequirementId requirement, int round, boolean open) {}

  /**
   * A call that was rejected or denied.
   *
   * @param tool the tool
   * @param repeat keyed hash of tool and arguments
   * @param result what the model was told
   * @param repeats how often the model asked for it again
   */
  public record Refusal(String tool, Digest repeat, BodyRef result, int repeats) {}

  /** After so many repeats of one refused call its tool is withdrawn. */
  public static final int MOST_REPEATS = 3;

  /** After so many refused calls of one tool it is withdrawn. */
  public static final int MOST_REFUSALS = 5;

  public RunState {
    calls = List.copyOf(calls);
    refusals = List.copyOf(refusals);
  }

  static RunState started(RunEvent.Started event) {
    return new RunState(
        SCHEMA,
        event.run(),
        event.root(),
        event.session(),
        event.agent(),
        event.mode(),
        1,
        0,
        1,
        List.of(),
        TokenUse.NONE,
        null,
        null,
        event.parent(),
        event.variables(),
        null,
        List.of());
  }

  /** The earlier refusal of the same call. */
  public Optional<Refusal> refused(Digest repeat) {
    return refusals.stream().filter(each -> each.repeat().equals(repeat)).findFirst();
  }

  /** True when the model keeps asking for what it does not get, so that it is not offered more. */
  public boolean withdrawn(String tool) {
    List<Refusal> ofTool = refusals.stream().filter(each -> each.tool().equals(tool)).toList();
    return ofTool.size() >= MOST_REFUSALS
        || ofTool.stream().anyMatch(each -> each.repeats() >= MOST_REPEATS);
  }

  /** Computed: paused is whoever can only wait for people or processes outside. */
  public RunStatus status() {
    if (end != null) {
      return end.status();
    }
    return RunMachine.next(this) instanceof RunStep.Pause ? RunStatus.PAUSED : RunStatus.RUNNING;
  }

  /** The call of this name, if it is in the open batch. */
  public Optional<ToolCall> find(ToolCallId call) {
    return calls.stream().filter(c -> c.id().equals(call)).findFirst();
  }

  /** The calls in this state. */
  public Stream<ToolCall> calls(CallStatus status) {
    return calls.stream().filter(call -> call.status() == status);
  }

  /** True while an effect may be happening right now. */
  public boolean executing() {
    return calls(CallStatus.EXECUTING).findAny().isPresent();
  }

  RunState with(ToolCallId call, UnaryOperator<ToolCall> change) {
    ToolCall before =
        find(call)
            .orElseThrow(
                () -> new IllegalTransitionException(this, "it has no open tool call " + call));
    ToolCall after = change.apply(before);
    return changed(run -> run.calls = calls.stream().map(c -> c == before ? after : c).toList());
  }

  RunState nextVersion() {
    return changed(run -> run.version++);
  }

  RunState afterTurn(TokenUse used) {
    return changed(
        run -> {
          run.turns++;
          run.calls = List.of();
          run.use = use.plus(used);
        });
  }

  RunState using(TokenUse used) {
    return changed(run -> run.use = use.plus(used));
  }

  RunState proposing(ToolCall call) {
    return changed(
        run -> {
          run.nextCall++;
          run.calls = Stream.concat(calls.stream(), Stream.of(call)).toList();
        });
  }

  RunState cancelledBy(String who) {
    return changed(run -> run.cancelledBy = who);
  }

  RunState ended(End how) {
    return changed(run -> run.end = how);
  }

  RunState variables(BodyRef next) {
    return changed(run -> run.variables = next);
  }

  RunState reviewed(OutputReview next) {
    return changed(run -> run.review = next);
  }

  /** Remembers a refused call; a mark that is known counts as its repeat. */
  RunState refusing(String tool, @Nullable Digest repeat, BodyRef result) {
    if (repeat == null) {
      return this;
    }
    Refusal now =
        refused(repeat)
            .map(one -> new Refusal(tool, repeat, one.result(), one.repeats() + 1))
            .orElseGet(() -> new Refusal(tool, repeat, result, 0));
    return changed(
        run ->
            run.refusals =
                Stream.concat(
                        refusals.stream().filter(each -> !each.repeat().equals(repeat)),
                        Stream.of(now))
                    .toList());
  }

  /** A person spoke: what was refused may be asked for again. */
  RunState forgiving() {
    return changed(run -> run.refusals = List.of());
  }

  private RunState changed(Consumer<Next> change) {
    Next next = new Next(this);
    change.accept(next);
    return next.made();
  }

  /** Collects what changes. */
  private static final class Next {
    private final RunState before;
    private long version;
    private int turns;
    private int nextCall;
    private List<ToolCall> calls;
    private TokenUse use;
    private @Nullable String cancelledBy;
    private @Nullable End end;
    private @Nullable BodyRef variables;
    private @Nullable OutputReview review;
    private List<Refusal> refusals;

    Next(RunState before) {
      this.before = before;
      this.version = before.version;
      this.turns = before.turns;
      this.nextCall = before.nextCall;
      this.calls = before.calls;
      this.use = before.use;
      this.cancelledBy = before.cancelledBy;
      this.end = before.end;
      this.variables = before.variables;
      this.review = before.review;
      this.refusals = before.refusals;
    }

    RunState made() {
      return new RunState(
          SCHEMA,
          before.id,
          before.root,
          before.session,
          before.agent,
          before.mode,
          version,
          turns,
          nextCall,
          calls,
          use,
          cancelledBy,
          end,
          before.parent,
          variables,
          review,
          refusals);
    }
  }
}
