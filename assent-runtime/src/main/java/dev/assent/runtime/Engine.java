package dev.assent.runtime;

import dev.assent.core.Authority;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.Evidence;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.core.spi.Directory;
import dev.assent.core.spi.Policy;
import dev.assent.core.spi.Store;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all parts of one {@link Assent} share, and the runs that are being worked on. */
final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** How long a lease is good without being kept. */
  static final Duration LEASE = Duration.ofSeconds(60);

  private static final Duration LATER = Duration.ofMillis(500);

  private final Store store;
  private final String tenant;
  private final Supplier<Profile> profile;
  private final Directory directory;
  private final @Nullable Duration oldest;
  private final @Nullable Principal operator;
  private final Map<String, Agent> agents;
  private final List<Policy> policies;
  private final Provided values;
  private final Set<String> listeners;
  private final ModelRetry retry;
  private final Ids ids = new Ids();
  private final Map<RunId, RunLoop> active = new ConcurrentHashMap<>();
  private final Map<RunId, Long> avoided = new ConcurrentHashMap<>();
  private final List<Consumer<Change>> watchers = new CopyOnWriteArrayList<>();
  private final List<Consumer<Requirement>> askers = new CopyOnWriteArrayList<>();
  private final LiveTexts liveTexts = new LiveTexts();
  private final Judge judge;
  private final Grants grants = new Grants(this);
  private final Mandates mandates = new Mandates(this);
  private final ToolExecutor executor;
  private final Forms forms = new Forms(this);
  private final Cards cards = new Cards(this);
  private final Sights sights = new Sights(this);
  private final String holder;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<RunId, ChannelFailure> unanswered = new ConcurrentHashMap<>();
  private volatile @Nullable Predicate<Requirement> reach;
  private volatile Consumer<RunId> forget = run -> {};
  private volatile Runnable bell = () -> {};

  Engine(
      Store store,
      String tenant,
      Supplier<Profile> profile,
      Directory directory,
      @Nullable Duration oldest,
      @Nullable Principal operator,
      Map<String, Agent> agents,
      List<Policy> policies,
      Set<String> listeners,
      ModelRetry retry,
      Provided values) {
    this.store = store;
    this.tenant = tenant;
    this.profile = profile;
    this.directory = directory;
    this.oldest = oldest;
    this.operator = operator;
    this.agents = Map.copyOf(agents);
    this.policies = List.copyOf(policies);
    this.listeners = Set.copyOf(listeners);
    this.retry = retry;
    this.values = values;
    this.holder = ids.next(store.now());
    this.judge = new Judge(this);
    this.executor = new ToolExecutor(this, judge);
  }

  Store store() {
    return store;
  }

  String tenant() {
    return tenant;
  }

  Grants grants() {
    return grants;
  }

  Mandates mandates() {
    return mandates;
  }

  Authority authority() {
    return new Authority(
        profile.get(),
        directory::find,
        directory::personOf,
        mandates.held(),
        new Evidence(directory::knownAt, oldest),
        store.now());
  }

  Directory directory() {
    return directory;
  }

  @Nullable Principal operator() {
    return operator;
  }

  Map<String, Agent> agents() {
    return agents;
  }

  List<Policy> policies() {
    return policies;
  }

  /** What an agent, or else the process, has under a name. */
  Provided provided(String agent) {
    Agent known = agents.get(agent);
    return known == null ? values : known.values().orElse(values);
  }

  /** True of work outside of which whoever talks to the agent is shown nothing. */
  boolean silent(String agent, String tool, RequirementKind kind) {
    Agent known = agents.get(agent);
    return kind == RequirementKind.EXTERNAL_EXECUTION
        && known != null
        && known.tool(tool).filter(each -> each.spec().involvement().silent()).isPresent();
  }

  Set<String> listeners() {
    return listeners;
  }

  ModelRetry retry() {
    return retry;
  }

  LiveTexts liveTexts() {
    return liveTexts;
  }

  Judge judge() {
    return judge;
  }

  ToolExecutor executor() {
    return executor;
  }

  Sights sights() {
    return sights;
  }

  Cards cards() {
    return cards;
  }

  Forms forms() {
    return forms;
  }

  String holder() {
    return holder;
  }

  dev.assent.core.spi.Write.Lease lease() {
    return new dev.assent.core.spi.Write.Lease(holder, store.now().plus(LEASE));
  }

  String newId() {
    return ids.next(store.now());
  }

  Body newBody(byte[] content) {
    return new Body(new BodyId(newId()), ids.bytes(16), content);
  }

  boolean closed() {
    return closing.getCount() == 0;
  }

  /** Waits this long; true at once when this process closes, or is closed. */
  boolean closes(Duration within) throws InterruptedException {
    return closing.await(within.toNanos(), TimeUnit.NANOSECONDS);
  }

  void close() {
    closing.countDown();
    active.values().forEach(RunLoop::ring);
  }

  Collection<RunLoop> active() {
    return active.values();
  }

  @Nullable RunLoop active(RunId run) {
    return active.get(run);
  }

  /** Has a run worked on here, unless it is already. */
  RunLoop drive(RunId run) {
    return begin(run, new RunLoop(this, run, null, false));
  }

  /** Has the run of this requirement look at it, when it is served here. */
  void ring(Requirement closed) {
    if (agents.containsKey(closed.agent())) {
      drive(closed.run());
    }
  }

  /** Works on a run that begins with this draft; see {@link RunLoop} for the beginning. */
  RunLoop drive(Draft first, boolean unhurried) {
    return begin(first.state().id(), new RunLoop(this, first.state().id(), first, unhurried));
  }

  private RunLoop begin(RunId run, RunLoop fresh) {
    while (true) {
      RunLoop running = active.putIfAbsent(run, fresh);
      if (running == null) {
        Thread.ofVirtual().name("assent-run-" + run).start(fresh);
        return fresh;
      }
      if (running.ring()) {
        return running;
      }
      active.remove(run, running);
    }
  }

  /** Leaves a run that could not be worked on alone for so long. */
  void avoid(RunId run, Duration time) {
    avoided.put(run, System.nanoTime() + time.toNanos());
  }

  boolean avoided(RunId run) {
    Long until = avoided.get(run);
    if (until != null && until - System.nanoTime() <= 0) {
      avoided.remove(run);
      return false;
    }
    return until != null;
  }

  void finished(RunLoop loop) {
    if (active.remove(loop.runId(), loop)) {
      liveTexts.end(loop.runId());
    }
  }

  /**
   * Takes the end of an attempt that nobody works on any more: it reports its own attempt and
   * nothing else.
   *
   * @param later true when it could not be written just now
   */
  void late(RunId run, Attempts.End end, boolean later) {
    if (closed()) {
      return;
    }
    if (later) {
      Thread.ofVirtual()
          .name("assent-late-" + run)
          .start(
              () -> {
                LockSupport.parkNanos(LATER.toNanos());
                late(run, end, false);
              });
      return;
    }
    LOG.warn(
        "Run {}: the end of attempt {} of {} is reported late",
        run,
        end.attempt(),
        end.call().id());
    RunLoop fresh = new RunLoop(this, run, null, false);
    fresh.report(end);
    RunLoop running = begin(run, fresh);
    if (running != fresh) {
      running.report(end);
    }
  }

  /** Tells everybody in the process about something that is durable. */
  void changed(Change change) {
    for (Consumer<Change> watcher : watchers) {
      try {
        watcher.accept(change);
      } catch (RuntimeException e) {
        LOG.warn("A watcher of changes failed on {}", change, e);
      }
    }
  }

  /** Tells what a committed transition changed. */
  void committed(Draft draft) {
    liveTexts.end(draft.state().id());
    for (RunId other : draft.rungOnes()) {
      store
          .run(tenant, other)
          .filter(run -> agents.containsKey(run.state().agent()))
          .ifPresent(run -> drive(other));
    }
    for (Requirement requirement : draft.opened()) {
      askers.forEach(asker -> asker.accept(requirement));
      changed(new Change(Change.Kind.REQUIREMENT, requirement.id().value()));
    }
    for (Requirement requirement : draft.closed()) {
      changed(new Change(Change.Kind.REQUIREMENT, requirement.id().value()));
    }
    changed(new Change(Change.Kind.RUN, draft.state().id().value()));
    if (draft.state().end() != null) {
      unanswered.remove(draft.state().id());
      forget.accept(draft.state().id());
      bell.run();
    }
  }

  /** Tells again of something that still waits. */
  void remind(Requirement requirement) {
    askers.forEach(asker -> asker.accept(requirement));
    changed(new Change(Change.Kind.REMINDER, requirement.id().value()));
  }

  /** Asks those, too, who may decide it from now on. */
  void escalated(Requirement requirement) {
    askers.forEach(asker -> asker.accept(requirement));
    changed(new Change(Change.Kind.REQUIREMENT, requirement.id().value()));
    changed(new Change(Change.Kind.ESCALATION, requirement.id().value()));
  }

  /** Says who is asked in this process, where nothing else can answer. */
  void onlyAsks(Predicate<Requirement> reaches) {
    this.reach = reaches;
  }

  /** The first of these that nobody can ever answer. */
  Optional<Requirement> hopeless(Collection<Requirement> waiting) {
    Predicate<Requirement> reaches = reach;
    return reaches == null
        ? Optional.empty()
        : waiting.stream().filter(each -> !reaches.test(each)).findFirst();
  }

  /** True when what nobody in this process answers is answered by nobody. */
  boolean impatient() {
    return reach != null;
  }

  /** Everybody was asked about this, in vain; where nothing else can answer, its turn ends. */
  void unanswered(Requirement requirement, ChannelFailure failure) {
    if (impatient() && !closed()) {
      unanswered.put(requirement.run(), failure);
      drive(requirement.run());
    }
  }

  /** What ends the turn of this run; absent when nothing does. */
  @Nullable ChannelFailure unanswered(RunId run) {
    ChannelFailure failure = unanswered.get(run);
    if (failure != null
        && store.requirement(tenant, failure.requirement()).filter(Requirement::open).isEmpty()) {
      unanswered.remove(run, failure);
      return null;
    }
    return failure;
  }

  void onRunEnded(Consumer<RunId> forgets) {
    this.forget = forgets;
  }

  void onEnded(Runnable wake) {
    this.bell = wake;
  }

  void onOpened(Consumer<Requirement> asker) {
    askers.add(asker);
  }

  AutoCloseable watch(Consumer<Change> watcher) {
    watchers.add(watcher);
    return () -> unwatch(watcher);
  }

  void unwatch(Consumer<Change> watcher) {
    watchers.remove(watcher);
  }
}
