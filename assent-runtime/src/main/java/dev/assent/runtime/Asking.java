package dev.assent.runtime;

import dev.assent.core.AuditRecord;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts requirements to the responders of those who may answer, after each is durable. Thread-safe.
 *
 * <p>Each person has one responder; for a single run another may stand in its place. Where nothing
 * outside can answer, a requirement that nobody answered ends the turn of its run.
 */
final class Asking implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Asking.class);
  private static final int AT_ONCE = 200;

  private final Engine engine;
  private final Decisions decisions;
  private final Cards cards;
  private final List<Consumer<ChannelFailure>> listeners;
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private final Map<RunId, Lane> ofRuns = new ConcurrentHashMap<>();
  private final Map<RequirementId, List<Ask>> asks = new ConcurrentHashMap<>();
  private final Set<Ask> ending = ConcurrentHashMap.newKeySet();
  private final AtomicLong over = new AtomicLong();
  private boolean started;
  private volatile boolean closed;

  /** Something that may throw what a responder throws. */
  interface Step {
    Reply reply(Asked asked) throws Exception;
  }

  Asking(
      Engine engine, Decisions decisions, Cards cards, List<Consumer<ChannelFailure>> listeners) {
    this.engine = engine;
    this.decisions = decisions;
    this.cards = cards;
    this.listeners = List.copyOf(listeners);
    engine.onOpened(this::opened);
    engine.onRunEnded(this::forget);
    engine.watch(this::changed);
  }

  /** Begins, also with what an earlier process left. */
  synchronized void start() {
    started = true;
    lanes.values().forEach(Lane::start);
    pending().forEach(this::open);
  }

  /** All that waits, page by page: most of it may be for others. */
  private Iterable<Requirement> pending() {
    return lanes.isEmpty()
        ? List.of()
        : new RequirementPages(
            engine.store(),
            engine.tenant(),
            Store.RequirementQuery.pending(AT_ONCE),
            missed -> LOG.warn("A requirement cannot be read, nobody here is asked: {}", missed));
  }

  /**
   * As whom a responder answers.
   *
   * @param as absent for the operator
   * @throws IllegalArgumentException when there is no operator
   */
  Principal person(@Nullable Principal as) {
    Principal person = as != null ? as : engine.operator();
    if (person == null) {
      throw new IllegalArgumentException(
          "a responder answers as a person; name the operator, or the person it is registered for");
    }
    return person;
  }

  /** Has this responder answer as this person from now on; the later one wins. */
  synchronized void register(Principal person, Responder responder) {
    Lane fresh = new Lane(this, person, responder);
    Lane before = lanes.put(person.id(), fresh);
    if (before != null) {
      LOG.warn("The responder of {} is replaced: the later one wins", person.id());
    }
    if (started) {
      fresh.start();
      pending().forEach(this::open);
    }
    if (before != null) {
      before.close();
    }
  }

  /** Has this responder answer as this person in this run and those below it. */
  synchronized void register(RunId run, Principal person, Responder responder) {
    Lane before = ofRuns.put(run, new Lane(this, person, responder).start());
    if (before != null) {
      before.close();
    }
    engine.store().pendingUnder(engine.tenant(), run).forEach(this::open);
  }

  /** Ends what {@link #register(RunId, Principal, Responder)} began. */
  void forget(RunId run) {
    Lane lane = ofRuns.remove(run);
    if (lane != null) {
      lane.close();
    }
  }

  /** True when somebody who may answer this is asked in this process. */
  synchronized boolean reaches(Requirement requirement) {
    return !chosen(requirement).isEmpty();
  }

  private Collection<Lane> chosen(Requirement requirement) {
    Map<String, Lane> chosen = new LinkedHashMap<>(lanes);
    Lane ofRun = ofRuns.get(requirement.root());
    if (ofRun != null) {
      chosen.put(ofRun.principal().id(), ofRun);
    }
    return chosen.values().stream()
        .filter(lane -> engine.authority().whyNot(requirement, lane.principal()).isEmpty())
        .toList();
  }

  /**
   * Somebody is told of this, perhaps late: whoever was asked in the meantime may have asked the
   * agent back, and then is asked again with its answer, not before.
   */
  private synchronized void opened(Requirement requirement) {
    if (any() && !cards.agentThinks(requirement)) {
      open(requirement);
    }
  }

  private synchronized void open(Requirement requirement) {
    if (closed || !started) {
      return;
    }
    for (Lane lane : chosen(requirement)) {
      Ask ask = lane.add(requirement);
      if (ask != null) {
        asks.computeIfAbsent(requirement.id(), id -> new ArrayList<>()).add(ask);
      }
    }
  }

  private void changed(Change change) {
    if (change.kind() != Change.Kind.REQUIREMENT || asks.isEmpty()) {
      return;
    }
    RequirementId id = new RequirementId(change.id());
    for (Ask ask : of(id)) {
      if (!stillAsked(id, ask.version())) {
        ask.withdraw();
        if (!open(id)) {
          over(ask);
        }
      }
    }
  }

  private void over(Ask ask) {
    over.incrementAndGet();
    ask.over().complete(true);
  }

  private synchronized List<Ask> of(RequirementId id) {
    return List.copyOf(asks.getOrDefault(id, List.of()));
  }

  /** Something that somebody who waits for this run waits for as well; absent when nothing. */
  synchronized @Nullable CompletableFuture<Boolean> held(RunId run) {
    return Stream.concat(asks.values().stream().flatMap(List::stream), ending.stream())
        .filter(ask -> ask.requirement().run().equals(run) || ask.requirement().root().equals(run))
        .filter(ask -> ask.lane().responder().manner() != Responder.Manner.HOLDS_NOTHING)
        .map(Ask::over)
        .filter(future -> !future.isDone())
        .findFirst()
        .orElse(null);
  }

  /** Counts what is over: who looks before and after a look at the store misses nothing. */
  long over() {
    return over.get();
  }

  /** True when somebody is asked in this process at all. */
  synchronized boolean any() {
    return !lanes.isEmpty() || !ofRuns.isEmpty();
  }

  // ---- what an ask needs ----

  /** What is asked now; empty when it is closed, or this person may not answer. */
  Optional<RequirementCard> card(RequirementId id, Principal by) {
    return cards
        .requirement(id)
        .filter(card -> card.requirement().open())
        .filter(card -> engine.authority().whyNot(card.requirement(), by).isEmpty());
  }

  Asked asked(RequirementCard card, @Nullable Principal by, BooleanSupplier withdrawn, int time) {
    return new Asked(
        card,
        engine.forms().of(card.requirement()).orElse(null),
        withdrawn,
        time,
        declared(card.requirement()),
        RunScope.of(engine, card.requirement()),
        scope ->
            by == null
                ? new GrantOffer.Refused("nobody in particular is asked")
                : decisions.offer(card.requirement().id(), scope, by),
        by == null ? null : new Asked.Viewing(engine.sights(), by),
        new Asked.Closing(
            () ->
                engine
                    .store()
                    .requirement(engine.tenant(), card.requirement().id())
                    .filter(now -> !now.open())
                    .map(Asking::closed),
            engine.directory()::displayName));
  }

  private static DecisionOutcome.AlreadyClosed closed(Requirement now) {
    return new DecisionOutcome.AlreadyClosed(
        now,
        now.closedBy(),
        Objects.requireNonNullElse(now.closedAt(), now.createdAt()),
        now.status());
  }

  /** A responder that hides nothing is handed all: of the highest risk that is written down. */
  void handOver(RequirementCard card, Principal by) {
    if (engine.sights().mustReveal(card.requirement(), by)) {
      Reveal unused = engine.sights().reveal(card.requirement().id(), by);
    }
  }

  private @Nullable ApprovalRequired declared(Requirement requirement) {
    return Optional.ofNullable(engine.agents().get(requirement.agent()))
        .flatMap(agent -> agent.tool(requirement.tool()))
        .map(ToolBinding::approval)
        .orElse(null);
  }

  /** The reply, as those around it let it through. */
  Reply through(Asked asked, Step responder) throws Exception {
    Agent agent = engine.agents().get(asked.agent());
    return agent == null
        ? responder.reply(asked)
        : Rings.<Asked, Reply>through(
            Rings.both(
                agent.middleware(),
                agent.tool(asked.tool()).map(ToolBinding::middleware).orElse(List.of())),
            (each, with, next) -> each.humanInput(with, next),
            asked,
            responder::reply);
  }

  DecisionOutcome decide(RequirementId id, DecisionRequest request, Principal by) {
    return decisions.decide(id, request, by);
  }

  boolean stillAsked(RequirementId id, int version) {
    return !closed
        && engine
            .store()
            .requirement(engine.tenant(), id)
            .filter(Requirement::open)
            .filter(requirement -> requirement.version() == version)
            .isPresent();
  }

  private boolean open(RequirementId id) {
    return engine.store().requirement(engine.tenant(), id).filter(Requirement::open).isPresent();
  }

  /** An ask is over; a failure is written down, and ends the turn where nobody else can answer. */
  void ended(Ask ask, @Nullable ChannelFailure failure) {
    // Whoever waits for the run waits until it knows what came of this.
    ending.add(ask);
    try {
      take(ask, failure);
    } finally {
      over(ask);
      ending.remove(ask);
    }
  }

  private void take(Ask ask, @Nullable ChannelFailure failure) {
    boolean last;
    synchronized (this) {
      ask.lane().ended(ask);
      List<Ask> left = asks.getOrDefault(ask.requirement().id(), new ArrayList<>());
      left.remove(ask);
      last = left.isEmpty();
      if (last) {
        asks.remove(ask.requirement().id());
      }
    }
    if (closed) {
      return;
    }
    if (failure != null) {
      failed(ask, failure);
    }
    Requirement now =
        engine.store().requirement(engine.tenant(), ask.requirement().id()).orElse(null);
    if (now == null || !now.open()) {
      return;
    }
    if (ask.askedBack()) {
      if (!cards.agentThinks(now)) {
        open(now); // the answer was there before this ended
      }
      return;
    }
    if (now.version() != ask.version() && !ask.lane().closed()) {
      open(now);
    } else if (last) {
      engine.unanswered(
          now,
          failure != null
              ? failure
              : new ChannelFailure.Unanswered(now.id(), ask.lane().principal().id()));
    }
  }

  private void failed(Ask ask, ChannelFailure failure) {
    Throwable cause = failure instanceof ChannelFailure.Failed thrown ? thrown.cause() : null;
    LOG.warn("{}: {}", failure.requirement(), failure.message(), cause);
    Requirement about = ask.requirement();
    AuditRecord line =
        AuditRecord.of(engine.tenant(), engine.store().now(), "responder.failed")
            .withRun(about.run().value(), about.root().value(), 1)
            .withRequirement(about.id().value())
            .withCall(about.call().value())
            .withPrincipal(ask.lane().principal().id())
            .with("code", failure.code());
    try {
      engine
          .store()
          .commit(
              engine.tenant(),
              List.of(
                  new Write.Audit(
                      cause == null ? line : line.with("cause", cause.getClass().getName()))));
      listeners.forEach(listener -> listener.accept(failure));
    } catch (RuntimeException e) {
      LOG.error("The failure of a responder could not be written down", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    List<Lane> all;
    synchronized (this) {
      all = new ArrayList<>(lanes.values());
      all.addAll(ofRuns.values());
    }
    all.forEach(Lane::close);
  }
}
