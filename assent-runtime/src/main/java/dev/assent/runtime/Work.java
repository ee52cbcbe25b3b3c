package dev.assent.runtime;

import dev.assent.core.AssentException;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RunCommand;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run while it is worked on: its next transition, the right to write it, and what was heard and
 * is not saved. Belongs to the thread of one {@link RunLoop}.
 */
final class Work {
  private static final Logger LOG = LoggerFactory.getLogger(Work.class);
  private static final int MOST_CONFLICTS = 20;

  private final Engine engine;
  private final RunId run;
  private final RunLease lease;
  private final Runnable saved;
  private final Map<ToolCallId, Body> arguments = new HashMap<>();
  private final Map<ToolCallId, Approval> approvals = new HashMap<>();
  private final List<Heard> heard = new ArrayList<>();
  private @Nullable List<Requirement> open;
  private Map<BodyId, Message> spoken = Map.of();
  private @Nullable List<Message> said;
  private Draft draft;
  private Instant startedAt;
  private Message.@Nullable Assistant asked;
  private int conflicts;
  private boolean finished;
  private boolean heldElsewhere;
  private @Nullable Requirement forged;
  private boolean outdated;
  private Execution.@Nullable Halt below;

  /**
   * @param first the beginning of a new run; absent for one that exists, which is {@link #read}
   *     first of all
   * @param saved told after each transition
   */
  @SuppressWarnings("NullAway") // the draft of an existing run is read before anything else
  Work(Engine engine, RunId run, @Nullable Draft first, Runnable saved) {
    this.engine = engine;
    this.run = run;
    this.lease = new RunLease(engine, run);
    this.saved = saved;
    this.draft = first;
    this.open = first == null ? null : new ArrayList<>();
    this.said = first != null && first.beginsSession() ? new ArrayList<>() : null;
    this.asked = first == null ? null : first.firstWords();
    this.startedAt = first == null ? Instant.EPOCH : first.now();
  }

  /** When the run began. */
  Instant startedAt() {
    return startedAt;
  }

  Engine engine() {
    return engine;
  }

  RunId run() {
    return run;
  }

  RunLease lease() {
    return lease;
  }

  Draft draft() {
    return draft;
  }

  /** True when somebody else wrote what this run wanted to write. */
  boolean contested() {
    return conflicts > 0;
  }

  /** Whether there is a draft: the run was read, or begins here. */
  boolean readBefore() {
    return draft != null;
  }

  RunState state() {
    return draft.state();
  }

  void add(RunCommand command) {
    draft.add(command);
  }

  /** The agent, when this process serves it. */
  @Nullable Agent agentIfServed() {
    return engine.agents().get(draft.state().agent());
  }

  Agent agent() {
    return Objects.requireNonNull(agentIfServed());
  }

  /** True when this process can serve the run's agent; otherwise it leaves the run alone. */
  boolean served() {
    if (agentIfServed() != null) {
      return true;
    }
    leave();
    return false;
  }

  /** What was said in the session, with what is not saved yet. */
  List<Message> conversation() {
    List<Message> saved = said;
    if (saved == null) {
      saved = new ArrayList<>(History.messages(engine, draft.state().session()));
      said = saved;
    }
    List<Message> all = new ArrayList<>(saved);
    all.addAll(Objects.requireNonNull(draft.said()));
    return all;
  }

  /** The message whose calls are the open batch. */
  Message.Assistant asked() {
    Message.Assistant words = asked;
    return words != null ? words : History.lastAssistant(engine, draft.state());
  }

  void asked(Message.Assistant words) {
    this.asked = words;
  }

  /** An approval and the word of everybody on it; good as long as the requirement is unchanged. */
  record Approval(Requirement requirement, List<SignedDecision> decisions) {}

  /** An approval that has just been read, once. */
  @Nullable Approval takeApproval(ToolCallId call) {
    return approvals.remove(call);
  }

  void approval(ToolCallId call, Approval read) {
    approvals.put(call, read);
  }

  void arguments(ToolCallId call, Body stored) {
    arguments.put(call, stored);
  }

  boolean finished() {
    return finished;
  }

  /** How the run ends with the transition that is drafted. */
  Rest ending() {
    return new Rest(draft.after(), List.of(), draft.spoken());
  }

  /** How the run came to rest, with what need not be read again. */
  Rest rest() {
    return new Rest(draft.state(), open, spoken);
  }

  void finish() {
    finished = true;
  }

  /** True when another process has the run. */
  boolean heldElsewhere() {
    return heldElsewhere;
  }

  /** True while something was decided by somebody of whom too little is known by now. */
  boolean outdated() {
    return outdated;
  }

  /** A closed requirement that no genuine decision closes. */
  @Nullable Requirement forged() {
    return forged;
  }

  /** Why the turn ends: somebody had to be asked, and nobody can be. */
  Execution.@Nullable Halt unreachable() {
    ChannelFailure failure = engine.unanswered(run);
    return failure == null ? below : new Execution.Halt(failure.code(), failure.message());
  }

  /** A run that carries a call out ended because nobody can be asked: so does this one. */
  void unreachable(Execution.Halt halt) {
    this.below = halt;
  }

  /** Why a run must not begin to wait: nobody could ever answer. */
  Execution.@Nullable Halt hopeless() {
    if (!engine.impatient()) {
      return null;
    }
    List<Requirement> waiting = new ArrayList<>(draft.opened());
    if (!draft.beginsRun()) {
      engine.store().requirementsOf(engine.tenant(), run).stream()
          .filter(Requirement::open)
          .filter(each -> draft.closed().stream().noneMatch(c -> c.id().equals(each.id())))
          .forEach(waiting::add);
    }
    return engine
        .hopeless(waiting)
        .map(each -> new ChannelFailure.NotProvided(each.id()))
        .map(failure -> new Execution.Halt(failure.code(), failure.message()))
        .orElse(null);
  }

  /** Takes something into the next transition. */
  void hear(Heard word) {
    heard.add(word);
    word.into(engine, draft);
  }

  /** What was heard and never saved. */
  List<Heard> unsaved() {
    return heard;
  }

  /** Reads the run and what others wrote; what was heard and is not saved is drafted on top. */
  void read() {
    boolean mine = lease.held();
    Store.StoredRun stored = lease.read();
    if (mine && !lease.held()) {
      forget();
    }
    open = null;
    startedAt = stored.createdAt();
    approvals.clear();
    forged = null;
    below = null;
    draft = Draft.of(engine, stored.state(), stored.requester(), lease.everRung());
    if (lease.elsewhere(stored)) {
      heldElsewhere = true;
      finished = true;
      return;
    }
    if (stored.cancelAskedBy() != null) {
      draft.add(new RunCommand.Cancel(stored.cancelAskedBy()));
    }
    Resolutions resolutions = new Resolutions(this);
    forged = resolutions.take();
    outdated = resolutions.outdated();
    heard.forEach(word -> word.into(engine, draft));
  }

  /** Another process has the run. What was heard here counts no more; what was done here does. */
  private void forget() {
    LOG.warn("Run {}: its lease was lost to another process", run);
    asked = null;
    said = null;
    arguments.clear();
    heard.removeIf(
        word ->
            switch (word) {
              case Heard.Ended ended -> false;
              case Heard.Replied replied -> true;
              case Heard.AnsweredBack back -> true;
              case Heard.Cancelled cancelled -> false;
              case Heard.Stepped stepped -> {
                stepped.lost();
                yield true;
              }
            });
  }

  /** Has the lease; false when all must be looked at anew first. */
  boolean hold() {
    boolean held = lease.take(draft.state().version());
    if (!held) {
      conflict();
    }
    return held;
  }

  /** Everything is saved and the lease is had; false when all must be looked at anew first. */
  boolean saveAndHold() {
    return draft.dirty() ? commit() : hold();
  }

  /** Everything is saved; false when all must be looked at anew first. */
  boolean save() {
    return !draft.dirty() || commit();
  }

  /**
   * Writes the draft; false when something else was written first and all must be looked at anew.
   */
  boolean commit() {
    return commit(() -> {});
  }

  /**
   * As {@link #commit()}; whoever waits for nothing but this transition is told by {@code durable}.
   */
  boolean commit(Runnable durable) {
    if (lease.commit(draft, durable) instanceof Committed.Conflict conflict) {
      if (draft.beginsRun()) {
        throw Answers.cannotBegin(draft, conflict);
      }
      conflict();
      return false;
    }
    conflicts = 0;
    List<Heard> now = List.copyOf(heard);
    heard.clear();
    Draft done = draft;
    remember(done);
    draft = Draft.of(engine, done.after(), done.requester(), lease.everRung());
    saved.run();
    for (Heard word : now) {
      if (word instanceof Heard.Stepped stepped) {
        stepped.saved().complete(null);
      }
    }
    engine.committed(done);
    return true;
  }

  /** What others may write from now on is seen by who reads; this is as it was committed. */
  private void remember(Draft done) {
    spoken = done.spoken();
    List<Message> saved = said;
    List<Message> fresh = done.said();
    if (saved != null && fresh != null) {
      saved.addAll(fresh);
    } else {
      said = null;
    }
    List<Requirement> known = open;
    if (known != null) {
      Stream.concat(done.opened().stream(), done.closed().stream())
          .forEach(each -> known.removeIf(earlier -> earlier.id().equals(each.id())));
      known.addAll(done.opened());
    }
  }

  private void conflict() {
    if (++conflicts > MOST_CONFLICTS) {
      throw new RuntimeFailure(
          "too-many-conflicts", "run " + run + " could not be written after many tries");
    }
    arguments.clear();
    read();
  }

  /** Gives the lease back: somebody else may work on the run. */
  void leave() {
    lease.give(engine.store().now());
    finished = true;
  }

  /** Leaves the run alone until then, or until it is rung. */
  void postpone(Instant readyAt) {
    if (hold()) {
      lease.give(readyAt);
    }
    finished = true;
  }

  /** Puts in the stored arguments of these calls; says what is wrong when they cannot be had. */
  @Nullable String gatherArguments(List<ToolCall> calls, Map<ToolCallId, Body> found) {
    Map<BodyId, ToolCallId> missing = new HashMap<>();
    for (ToolCall call : calls) {
      Body known = arguments.remove(call.id());
      if (known != null && known.ref().equals(call.mustBeBound().arguments())) {
        found.put(call.id(), known);
      } else {
        missing.put(call.mustBeBound().arguments().id(), call.id());
      }
    }
    try {
      engine
          .store()
          .bodies(engine.tenant(), missing.keySet())
          .forEach((id, body) -> found.put(Objects.requireNonNull(missing.get(id)), body));
    } catch (StoreException e) {
      throw e;
    } catch (AssentException e) {
      return "The stored arguments cannot be read: " + e.getMessage();
    }
    return found.size() < calls.size() ? "The stored arguments of a tool call are gone." : null;
  }
}
