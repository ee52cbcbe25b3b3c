package dev.assent.core;

import java.util.List;
import java.util.Optional;
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
    @Nullable End end) {

  /** The newest form this code writes; a newer one is never claimed. */
  public static final int SCHEMA = 1;

  /**
   * How a run ended.
   *
   * @param status COMPLETED, FAILED or CANCELLED
   * @param output the answer, or what went wrong
   * @param code stable name of the error, for FAILED
   */
  public record End(RunStatus status, @Nullable BodyRef output, @Nullable String code) {}

  public RunState {
    calls = List.copyOf(calls);
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
        null);
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
    return with(calls.stream().map(c -> c == before ? after : c).toList());
  }

  RunState with(List<ToolCall> next) {
    return new RunState(
        schema,
        id,
        root,
        session,
        agent,
        mode,
        version,
        turns,
        nextCall,
        next,
        use,
        cancelledBy,
        end);
  }

  RunState nextVersion() {
    return new RunState(
        schema,
        id,
        root,
        session,
        agent,
        mode,
        version + 1,
        turns,
        nextCall,
        calls,
        use,
        cancelledBy,
        end);
  }

  RunState afterTurn(TokenUse used) {
    return new RunState(
        schema,
        id,
        root,
        session,
        agent,
        mode,
        version,
        turns + 1,
        nextCall,
        List.of(),
        use.plus(used),
        cancelledBy,
        end);
  }

  RunState proposing(ToolCall call) {
    return new RunState(
        schema,
        id,
        root,
        session,
        agent,
        mode,
        version,
        turns,
        nextCall + 1,
        Stream.concat(calls.stream(), Stream.of(call)).toList(),
        use,
        cancelledBy,
        end);
  }

  RunState cancelledBy(String who) {
    return new RunState(
        schema, id, root, session, agent, mode, version, turns, nextCall, calls, use, who, end);
  }

  RunState ended(End how) {
    return new RunState(
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
        how);
  }
}
