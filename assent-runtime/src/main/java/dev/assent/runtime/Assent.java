package dev.assent.runtime;

import dev.assent.core.AuditReport;
import dev.assent.core.Authority;
import dev.assent.core.Body;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Erasure;
import dev.assent.core.Evidence;
import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.GrantScope;
import dev.assent.core.LegalHold;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Redaction;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.Sight;
import dev.assent.core.ToolCallId;
import dev.assent.core.Verdict;
import dev.assent.core.WhyNot;
import dev.assent.core.spi.AuditAnchor;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Directory;
import dev.assent.core.spi.Policy;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The entry: agents on a store. Thread-safe; blocks the calling (virtual) thread where it waits.
 *
 * <p>Open one on a store, register agents, {@link #run}, {@code switch} over the result, decide,
 * {@link #resume}. Whatever it reports is durable.
 */
public final class Assent implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(2);
  private static final int STOPPED_AT_ONCE = 200;

  private static final int PAGE = 500;

  private final Engine engine;
  private final Decisions decisions;
  private final Claims claims;
  private final Cards cards;
  private final Joining joining;
  private final Results results;
  private final Poller poller;
  private final Checkpoints checkpoints;
  private final Keeping keeping;
  private final Asking asking;
  private final Beginnings beginnings;

  private Assent(Builder builder) {
    Directory directory = builder.directory;
    Principal operator = builder.operator;
    this.engine =
        new Engine(
            builder.store,
            builder.tenant,
            builder.profile,
            directory != null
                ? directory
                : id -> Optional.ofNullable(operator).filter(person -> person.id().equals(id)),
            builder.oldest,
            operator,
            builder.agents,
            builder.policies,
            builder.listeners.keySet(),
            builder.retry,
            Provided.of(builder.values));
    this.decisions = new Decisions(engine);
    this.claims = new Claims(engine);
    this.cards = engine.cards();
    this.keeping = new Keeping(engine, builder.retained);
    this.checkpoints = new Checkpoints(engine, builder.anchor, builder.anchored);
    this.results = new Results(engine);
    this.poller =
        new Poller(
            engine,
            new Deadlines(engine, decisions),
            Map.copyOf(builder.listeners),
            run -> results.of(Rest.stored(stored(run).state())),
            builder.interval,
            () -> {
              checkpoints.tick();
              keeping.tick();
            });
    this.asking = new Asking(engine, decisions, cards, builder.failures);
    this.joining = new Joining(engine, asking);
    this.beginnings = new Beginnings(engine, asking, joining);
    builder.responders.forEach(each -> asking.register(asking.person(each.as()), each.responder()));
    if (!builder.store.durable() && !builder.answeredFromOutside) {
      engine.onlyAsks(asking::reaches);
    }
  }

  /** A responder and as whom it answers; absent means the operator. */
  private record Registered(@Nullable Principal as, Responder responder) {}

  /** Begins an Assent on this store. */
  public static Builder on(Store store) {
    return new Builder(store);
  }

  /**
   * Runs an agent until it ends or can only wait.
   *
   * @throws RuntimeFailure when the agent is unknown or the session busy
   */
  public RunResult run(String agent, String message) {
    return run(RunRequest.of(agent, message));
  }

  /**
   * Runs an agent until it ends or can only wait; a responder that is asked is waited for.
   *
   * <p>A run in a session of its own and without an idempotency key is stored with its model's
   * first reply: before that nobody knows it, and a process that dies loses nothing but the
   * question. {@link #submit} stores it first.
   *
   * @throws RuntimeFailure when the agent is unknown or the session busy
   */
  public RunResult run(RunRequest request) {
    return results.of(beginnings.rested(beginnings.run(request, true)));
  }

  /**
   * As {@link #run(RunRequest)}; in this run, and as long as this process lives, this responder
   * answers as the operator instead of any other.
   *
   * @throws RuntimeFailure when the agent is unknown or the session busy
   */
  public RunResult run(RunRequest request, Responder responder) {
    return run(request.answeredBy(responder));
  }

  /**
   * Starts a run; it is durable when this returns, and goes on by itself.
   *
   * @throws RuntimeFailure when the agent is unknown or the session busy
   */
  public RunId submit(RunRequest request) {
    return beginnings.run(request, false).run();
  }

  /**
   * Starts a run, as {@link #submit}, and gives the ways to wait for it.
   *
   * @throws RuntimeFailure when the agent is unknown or the session busy
   */
  public RunHandle start(RunRequest request) {
    return handle(submit(request));
  }

  /**
   * The ways to wait for a run that exists; it is continued here if it can go on.
   *
   * @throws RuntimeFailure when there is no such run
   */
  public RunHandle handle(RunId run) {
    stored(run);
    return new RunHandle(this, run);
  }

  /**
   * Reads a run from its start to its end.
   *
   * @throws RuntimeFailure when there is no such run
   */
  public RunStream events(RunId run) {
    return events(run, UpdateId.START, RunStream.Until.END);
  }

  /**
   * Reads a run from what lies after this update on.
   *
   * @throws RuntimeFailure when there is no such run
   */
  public RunStream events(RunId run, UpdateId after, RunStream.Until until) {
    stored(run);
    return new RunStream(engine, cards, run, after, until);
  }

  /**
   * Passes one tool call of a loop that is not ours through the gate and, if it may run, runs it.
   *
   * @throws RuntimeFailure when the agent is unknown
   */
  public GateResult gate(GateRequest request) {
    return results.ofGate(beginnings.rested(beginnings.gate(request)));
  }

  /**
   * What came of a gated call; waits while it can go on by itself.
   *
   * @throws RuntimeFailure when there is no such run or it is no gate
   */
  public GateResult gateResult(RunId run) {
    return results.ofGate(joining.rested(run, Joining.FOREVER).orElseThrow());
  }

  /**
   * Claims or joins a run: its result, whoever works on it. Returns once it has ended or can only
   * wait.
   *
   * @throws RuntimeFailure when there is no such run
   */
  public RunResult resume(RunId run) {
    return resume(run, Joining.FOREVER).orElseThrow();
  }

  /**
   * As {@link #resume(RunId)}, for at most so long; empty when it still goes on then.
   *
   * @throws RuntimeFailure when there is no such run, or nobody here serves its agent
   */
  public Optional<RunResult> resume(RunId run, Duration wait) {
    return joining.rested(run, wait).map(results::of);
  }

  /** As {@link #resume(RunId)}, of the run of this result. */
  public RunResult resume(RunResult result) {
    return resume(result.run());
  }

  /**
   * Answers requirements of one run as this principal, who must come from something that
   * authenticated them, then goes on with the run. Before anything is recorded, it is looked
   * whether all of them fit what is asked.
   *
   * @return how far the run came; with some of the answers still missing it is paused again
   * @throws RuntimeFailure when there is no answer, one does not fit what is asked or does not
   *     count, they belong to several runs, or the run has ended
   */
  public RunResult resume(Principal by, Map<RequirementId, Reply> answers) {
    return resume(new Continuing(engine, decisions, id -> asked(id, by)).answer(by, answers));
  }

  private Asked asked(RequirementId id, Principal by) {
    RequirementCard card =
        cards.requirement(id).orElseThrow(() -> RuntimeFailure.unknownRequirement(id));
    return asking.asked(card, by, () -> false, 1);
  }

  /**
   * Records what a principal says about a requirement. The principal must come from something that
   * authenticated them.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public DecisionOutcome decide(RequirementId id, DecisionRequest request, Principal by) {
    return decisions.decide(id, request, by);
  }

  /**
   * Open approvals of the very same: the same tool and arguments, by the same agent for the same
   * requester, under the same terms. Each is of a call of its own.
   */
  public List<Requirement> alike(Requirement requirement) {
    return decisions.alike(requirement);
  }

  /**
   * Approves or rejects a requirement and others for the very same in one act: a decision for each,
   * bound by the version and digest that were shown of it, all of them or none.
   *
   * @return of the first; of the one that could not be decided, if any, and nothing was recorded
   * @throws RuntimeFailure when there is no such requirement
   */
  public DecisionOutcome decide(
      RequirementId id, DecisionRequest request, List<Alike> also, Principal by) {
    return also.isEmpty()
        ? decisions.decide(id, request, by)
        : decisions.decide(id, request, also, by);
  }

  /**
   * What this principal would allow from now on beside approving this, in words that have to be
   * shown and confirmed: a decision that approves takes the scope and the digest of the answer
   * ({@link DecisionRequest#withAlways}).
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public GrantOffer grantOffer(RequirementId id, GrantScope scope, Principal by) {
    return decisions.offer(id, scope, by);
  }

  /** Standing permissions, newest first; one that cannot be relied on says why. */
  public List<Store.StoredGrant> grants(Store.GrantQuery query) {
    return engine.store().grants(engine.tenant(), query);
  }

  /**
   * A standing permission; empty when there is none of this id.
   *
   * @throws dev.assent.core.spi.StoreException when somebody else wrote its row, or it was erased
   */
  public Optional<Grant> grant(GrantId id) {
    return engine.store().grant(engine.tenant(), id);
  }

  /** Why this principal cannot take this permission back; empty when they can. */
  public Optional<String> whyNotRevoke(Grant grant, Principal by) {
    return engine.grants().whyNotRevoke(grant, by);
  }

  /**
   * Takes a standing permission back: whoever gave it, or may approve the call that it was made
   * from. From then on nothing begins on it. False when it was taken back before.
   *
   * @throws RuntimeFailure when there is none of this id, or this principal may not
   * @throws dev.assent.core.spi.StoreException when somebody else wrote its row, or it was erased
   */
  public boolean revokeGrant(GrantId id, Principal by) {
    return engine.grants().revoke(id, by);
  }

  /**
   * Why this principal cannot decide it now, told by the code that would refuse them; empty when
   * they can.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public Optional<WhyNot> whyNot(RequirementId id, Principal principal) {
    return decisions.whyNot(id, principal);
  }

  /**
   * Answers what is stored now as this principal, who must come from something that authenticated
   * them. Empty when the reply says nothing, or is a text that the fixed rules do not understand.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public Optional<DecisionOutcome> answer(Principal by, RequirementId id, Reply reply) {
    return asked(id, by).decision(reply).map(request -> decisions.decide(id, request, by));
  }

  /**
   * Approves what is stored now as this principal, who must come from something that authenticated
   * them.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public DecisionOutcome approve(Principal by, RequirementId id) {
    return answer(by, id, Reply.approve()).orElseThrow();
  }

  /**
   * Rejects as this principal, who must come from something that authenticated them; the model gets
   * the reason.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public DecisionOutcome reject(Principal by, RequirementId id, String reason) {
    return answer(by, id, Reply.reject(reason)).orElseThrow();
  }

  /**
   * Takes an approval back as this principal, who must come from something that authenticated them;
   * the model gets the reason. {@link DecisionOutcome.Invalid} with {@code already-begun} when the
   * call has begun.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public DecisionOutcome revoke(Principal by, RequirementId id, String reason) {
    return answer(by, id, Reply.revoke(reason)).orElseThrow();
  }

  /**
   * Has this principal, who must come from something that authenticated them, see to it for so
   * long: nobody else decides it until then, or until it is released or they have decided.
   *
   * @throws RuntimeFailure when there is no such requirement, or the lease is longer than a week
   */
  public ClaimOutcome claim(Principal by, RequirementId id, Duration lease) {
    return claims.claim(id, by, by.id(), lease, false);
  }

  /**
   * Has somebody else see to it; they must be able to decide it.
   *
   * @param to id of their account
   * @throws RuntimeFailure when there is no such requirement or account, or the lease is longer
   *     than a week
   */
  public ClaimOutcome assign(Principal by, RequirementId id, String to, Duration lease) {
    return claims.claim(id, by, to, lease, false);
  }

  /**
   * The same, and lets them decide it with one's own authority, by a mandate for this requirement
   * alone and as long as the lease: both or neither. The mandate stays when the claim is given
   * back, until it ends or is revoked; a revoked one takes the claim along.
   *
   * @param to id of their account
   * @throws RuntimeFailure when there is no such requirement, {@code unknown-account}, {@code
   *     lease-out-of-bounds}, or {@code invalid-mandate} when it is the same person
   */
  public ClaimOutcome assignWithAuthority(
      Principal by, RequirementId id, String to, Duration lease) {
    return claims.claim(id, by, to, lease, true);
  }

  /**
   * Gives back what is claimed, so that others can decide it.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public ClaimOutcome release(Principal by, RequirementId id) {
    return claims.release(id, by);
  }

  /**
   * Has this responder answer as the operator from now on, also what is open; the later one wins.
   *
   * @throws IllegalArgumentException when there is no operator
   */
  public void responder(Responder responder) {
    asking.register(asking.person(null), responder);
  }

  /** Has this responder answer as this person from now on, also what is open. */
  public void responder(Principal as, Responder responder) {
    asking.register(as, responder);
  }

  /**
   * Approves, as the operator, what is stored now.
   *
   * @throws RuntimeFailure when there is no operator or no such requirement
   */
  public DecisionOutcome approve(RequirementId id) {
    return asOperator(id, Verdict.APPROVE, null);
  }

  /**
   * Rejects as the operator; the model gets the reason.
   *
   * @throws RuntimeFailure when there is no operator or no such requirement
   */
  public DecisionOutcome reject(RequirementId id, String reason) {
    return asOperator(id, Verdict.REJECT, reason);
  }

  /**
   * Approves, as the operator, exactly this version, for example one of {@link
   * RunResult.Paused#requirements}: what was edited or asked anew since is refused.
   *
   * @throws RuntimeFailure when there is no operator or no such requirement
   */
  public DecisionOutcome approve(Requirement shown) {
    return asOperator(stored(shown.id()), shown, Verdict.APPROVE, null);
  }

  /**
   * Rejects, as the operator, exactly this version; the model gets the reason.
   *
   * @throws RuntimeFailure when there is no operator or no such requirement
   */
  public DecisionOutcome reject(Requirement shown, String reason) {
    return asOperator(stored(shown.id()), shown, Verdict.REJECT, reason);
  }

  private DecisionOutcome asOperator(RequirementId id, Verdict verdict, @Nullable String words) {
    Requirement now = stored(id);
    return asOperator(now, now, verdict, words);
  }

  private Requirement stored(RequirementId id) {
    return engine
        .store()
        .requirement(engine.tenant(), id)
        .orElseThrow(() -> RuntimeFailure.unknownRequirement(id));
  }

  private DecisionOutcome asOperator(
      Requirement now, Requirement shown, Verdict verdict, @Nullable String words) {
    Principal operator = engine.operator();
    if (operator == null) {
      throw new RuntimeFailure(
          "no-operator",
          "nobody here may decide: name the local person by operator(…), or call decide(…) with"
              + " an authenticated principal");
    }
    return decisions.decide(
        now,
        new DecisionRequest(
            shown.version(), shown.digest(), verdict, words, shown.tool(), engine.newId()),
        operator);
  }

  /**
   * Says something to a run that is under way; its model reads it before its next turn, and what
   * was refused before may be asked for again.
   *
   * @throws RuntimeFailure when there is no such run, or it has ended: begin a new one then
   */
  public void say(RunId run, String message) {
    RunState state = stored(run).state();
    if (state.end() != null || !Queued.put(engine, state, message)) {
      throw new RuntimeFailure(
          "run-finished", "run " + run + " has ended; start a new one in its session");
    }
    engine.drive(run);
  }

  /**
   * Asks a run to end; false when it has ended or was asked before. What executes now is finished
   * and recorded, what waits is closed.
   */
  public boolean cancel(RunId run, String by) {
    Committed asked =
        engine
            .store()
            .commit(engine.tenant(), List.of(new Write.AskCancel(run, by, engine.store().now())));
    if (asked instanceof Committed.Conflict) {
      return false;
    }
    engine.drive(run);
    return true;
  }

  /**
   * Asks all unfinished runs of an agent to end; how many were asked.
   *
   * @param by who wants it
   */
  public int stop(String agent, String by) {
    int asked = (int) engine.active().stream().filter(loop -> loop.stop(agent, by)).count();
    for (RunStatus status : List.of(RunStatus.RUNNING, RunStatus.PAUSED)) {
      RunId after = null;
      List<Store.StoredRun> page;
      do {
        page = engine.store().runs(engine.tenant(), status, agent, STOPPED_AT_ONCE, after);
        for (Store.StoredRun run : page) {
          asked += cancel(run.state().id(), by) ? 1 : 0;
          after = run.state().id();
        }
      } while (page.size() == STOPPED_AT_ONCE);
    }
    return asked;
  }

  /**
   * Frees the effect key of a call whose outcome stayed unknown, so that it may be asked for again.
   * False when there is nothing to free.
   *
   * @param by a person with the role {@link Authority#RECONCILER}, or the operator of this process
   * @throws RuntimeFailure when there is no such run, or {@code by} may not
   */
  public boolean clearEffect(RunId run, ToolCallId call, Principal by) {
    boolean mayClear =
        by.kind() == Principal.Kind.PERSON
            && (by.roles().contains(Authority.RECONCILER) || by.equals(engine.operator()));
    if (!mayClear) {
      throw new RuntimeFailure(
          "not-entitled", "clearing an effect needs a person with role " + Authority.RECONCILER);
    }
    return decisions.clearEffect(cards.call(run, call), stored(run).state(), by);
  }

  /**
   * All that a run asked or asks itself, what was closed too, oldest first.
   *
   * @throws RuntimeFailure when there is no such run
   */
  public List<Requirement> requirements(RunId run) {
    stored(run);
    return engine.store().requirementsOf(engine.tenant(), run);
  }

  /** What a person gets to see of a requirement. */
  public Optional<RequirementCard> card(RequirementId id) {
    return cards.requirement(id);
  }

  /** What a person gets to see of this requirement. */
  public RequirementCard card(Requirement requirement) {
    return cards.card(requirement);
  }

  /**
   * Writes down that somebody is shown a requirement, once for each person and version; durable
   * when it returns, so that a page calls it before it sends anything.
   */
  public void seen(Requirement requirement, Principal by) {
    engine.sights().seen(requirement, by);
  }

  /**
   * An attachment of what is asked, as it is asked now, for whoever may see the card; who gets it
   * is written down like who is shown the card, before this returns. Secrets in a text are hidden,
   * and what is no text is not given, but to who may decide it and had it revealed: see {@link
   * #reveal}.
   *
   * @param number from 1, in the order of the card; empty when there is none, or it was erased
   * @throws RuntimeFailure {@code reveal-required} when they have to have it revealed first, {@code
   *     not-entitled} when they cannot, {@code attachment-changed} when what is stored is not what
   *     is asked about
   */
  public Optional<Attached> attachment(RequirementId id, int number, Principal by) {
    return new Attachments(engine).given(id, number, by);
  }

  /**
   * What is hidden of a requirement, for somebody who may decide it. It is durably written down
   * before this returns; without it nobody approves a call of the highest risk that hides
   * something.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public Reveal reveal(RequirementId id, Principal by) {
    return engine.sights().reveal(id, by);
  }

  /** Who was shown a requirement, in order. */
  public List<Sight> sights(RequirementId id) {
    return engine.store().sights(engine.tenant(), id);
  }

  /** What people are not shown of the calls of a tool, by what it says of itself now. */
  public Redaction redaction(String agent, String tool) {
    return cards.redaction(agent, tool);
  }

  /**
   * Erases what was written in all sessions whose runs ended longer ago than this, except those
   * that are held, or in which something is pending or in doubt. What happened stays: runs,
   * requirements, decisions, effect keys, the audit log.
   *
   * @return the sessions whose content was erased
   */
  public List<String> purge(Duration older) {
    return keeping.purge(older);
  }

  /**
   * Destroys the key of a session and all that was written in it. Written down, and shown in place
   * of the content.
   *
   * @return why it was not done; empty when it was
   */
  public Optional<String> erase(String session, Principal by) {
    return keeping.erase(session, by);
  }

  /** Erases every session in which this principal started a run, as {@link #erase}. */
  public Erased erasePerson(String requester, Principal by) {
    return keeping.erasePerson(requester, by);
  }

  /** Which sessions were erased, and which could not be: held, under way, pending, in doubt. */
  public record Erased(List<String> sessions, List<String> kept) {
    public Erased {
      sessions = List.copyOf(sessions);
      kept = List.copyOf(kept);
    }
  }

  /**
   * Keeps a session from being purged or erased; false when it is kept already.
   *
   * @param why stored encrypted; the audit log holds a commitment to it
   */
  public boolean hold(String session, Principal by, String why) {
    return keeping.hold(session, by, why);
  }

  /** Ends what {@link #hold} began; false when the session is not held. */
  public boolean release(String session, Principal by, String why) {
    return keeping.release(session, by, why);
  }

  /** What keeps sessions, and why. */
  public Map<LegalHold, String> holds() {
    Map<LegalHold, String> all = new LinkedHashMap<>();
    for (LegalHold hold : store().holds(tenant())) {
      all.put(hold, store().body(tenant(), hold.why().id()).map(Body::text).orElse("(erased)"));
    }
    return all;
  }

  /**
   * The first erasure of a session at this moment or later: what had ended by then is gone with it.
   */
  public Optional<Erasure> erasure(String session, Instant ended) {
    return store().erasures(tenant(), session).stream()
        .filter(each -> !each.at().isBefore(ended))
        .findFirst();
  }

  /**
   * What a person gets to see of a run.
   *
   * @throws RuntimeFailure when there is no such run
   */
  public RunCard runCard(RunId run) {
    return cards.run(run);
  }

  /** Calls back after each durable change, on the thread that made it; be quick. */
  public AutoCloseable onChange(Consumer<Change> watcher) {
    return engine.watch(watcher);
  }

  /** Does once, now, what is done at each interval: timers, runs that became due, notices. */
  public void poll() {
    poller.once();
  }

  /** The agents that are registered here. */
  public Collection<Agent> agents() {
    return engine.agents().values();
  }

  /** The store it works on. */
  public Store store() {
    return engine.store();
  }

  /**
   * Verifies the whole audit log, also against the anchored checkpoints.
   *
   * @throws dev.assent.core.AssentException when a checkpoint was not signed under this master key
   */
  public AuditReport verifyAudit() {
    return checkpoints.report();
  }

  /** The public key that its checkpoints are signed for, X.509, in hexadecimal digits. */
  public String auditKey() {
    return checkpoints.key();
  }

  /**
   * What became of the approvals that were closed in this time.
   *
   * @param zone whose months are meant
   * @param tool only of this tool; absent means all
   * @param approver only what this principal closed; absent means all
   */
  public ApprovalReport approvalReport(
      Store.Span closed, ZoneId zone, @Nullable String tool, @Nullable String approver) {
    List<Store.Unreadable> missed = new ArrayList<>();
    return ApprovalReport.of(
        pages(
            Store.RequirementQuery.first(PAGE)
                .of(RequirementKind.APPROVAL)
                .by(null, tool)
                .from(null, null, approver)
                .between(Store.Span.ALWAYS, closed),
            missed::add),
        zone,
        missed,
        engine.mandates().brokenGlass());
  }

  /**
   * All requirements that were opened in this time, read as they are iterated over.
   *
   * @param missed told of those that cannot be read
   */
  public Iterable<Requirement> requirements(Store.Span opened, Consumer<Store.Unreadable> missed) {
    return pages(Store.RequirementQuery.first(PAGE).between(opened, Store.Span.ALWAYS), missed);
  }

  private Iterable<Requirement> pages(
      Store.RequirementQuery query, Consumer<Store.Unreadable> missed) {
    return new RequirementPages(store(), tenant(), query, missed);
  }

  /** The tenant it works for. */
  public String tenant() {
    return engine.tenant();
  }

  /** Who decides for whom. */
  public Mandates mandates() {
    return engine.mandates();
  }

  /** Who may decide, by the profile, the directory and the mandates as they are now. */
  public Authority authority() {
    return engine.authority();
  }

  /** Knows the principals. */
  public Directory directory() {
    return engine.directory();
  }

  /**
   * Stops working. Starts nothing new, waits two seconds for tools under way and records their
   * results; the rest goes on in the next process that opens the store.
   */
  @Override
  public void close() {
    engine.close();
    long end = System.nanoTime() + CLOSING.toNanos();
    for (RunLoop loop : List.copyOf(engine.active())) {
      try {
        Joining.waitFor(loop.over(), Math.max(0, end - System.nanoTime()));
      } catch (RuntimeException e) {
        // It was logged where it happened; the next process goes on from what is stored.
        continue;
      } finally {
        loop.abandon();
      }
    }
    engine.liveTexts().close();
    poller.close();
    checkpoints.close();
    asking.close();
  }

  private Store.StoredRun stored(RunId run) {
    return engine
        .store()
        .run(engine.tenant(), run)
        .orElseThrow(() -> RuntimeFailure.unknownRun(run));
  }

  /** Collects what an Assent is made of. Not thread-safe. */
  public static final class Builder {
    private final Store store;
    private String tenant = "main";
    private Supplier<Profile> profile = () -> Profile.SOLO;
    private @Nullable Directory directory;
    private @Nullable Principal operator;
    private final List<Registered> responders = new ArrayList<>();
    private final List<Consumer<ChannelFailure>> failures = new ArrayList<>();
    private boolean answeredFromOutside;
    private final Map<String, Agent> agents = new LinkedHashMap<>();
    private final List<Policy> policies = new ArrayList<>();
    private final Map<String, Computed> values = new LinkedHashMap<>();
    private final Map<String, Consumer<RunResult>> listeners = new LinkedHashMap<>();
    private ModelRetry retry = ModelRetry.STANDARD;
    private Duration interval = Duration.ofSeconds(1);
    private @Nullable AuditAnchor anchor;
    private Duration anchored = Duration.ofMinutes(1);
    private @Nullable Duration retained;
    private @Nullable Duration oldest;

    private Builder(Store store) {
      this.store = store;
    }

    /** Whose runs these are; {@code main} unless said. */
    public Builder tenant(String name) {
      this.tenant = name;
      return this;
    }

    /** Which authority rules hold; {@link Profile#SOLO} unless said. */
    public Builder profile(Profile fixed) {
      return profile(() -> fixed);
    }

    /** Which authority rules hold, asked each time. */
    public Builder profile(Supplier<Profile> asked) {
      this.profile = asked;
      return this;
    }

    /** The named local person who decides in this process. */
    public Builder operator(Principal person) {
      this.operator = person;
      return this;
    }

    /** Knows the principals; without one only the operator is known. */
    public Builder directory(Directory known) {
      this.directory = known;
      return this;
    }

    /**
     * How old what the directory knows of a person may be, by {@link Directory#knownAt}, both when
     * they decide and when what they decided is executed; any age unless said. Whose evidence is
     * older is told to sign in again; a call whose approval rested on it waits, and their votes
     * count again once they have.
     *
     * @throws IllegalArgumentException when it is not more than nothing
     */
    public Builder maxEvidenceAge(Duration most) {
      this.oldest = new Evidence(account -> Optional.empty(), most).most();
      return this;
    }

    /**
     * Registers agents, and those that they have as tools.
     *
     * @throws IllegalArgumentException when another agent has the name
     */
    public Builder register(Agent... more) {
      for (Agent agent : more) {
        Agent known = agents.putIfAbsent(agent.name(), agent);
        if (known != null && known != agent) {
          throw new IllegalArgumentException(
              "an agent named '" + agent.name() + "' is registered already; rename one");
        }
        if (known == null) {
          register(agent.subAgents().toArray(Agent[]::new));
        }
      }
      return this;
    }

    /** Adds a policy for all agents of this process. */
    public Builder policy(Policy policy) {
      policies.add(policy);
      return this;
    }

    /** Has tools, responders and prompts of all agents find this value under this name. */
    public Builder value(String name, Object value) {
      return computed(name, scope -> value);
    }

    /**
     * Has tools, responders and prompts of all agents find what is computed, once for each of them;
     * an agent's own value of the name wins.
     *
     * @throws IllegalArgumentException when there is a value of this name
     */
    public Builder computed(String name, Computed made) {
      if (values.putIfAbsent(name, made) != null) {
        throw new IllegalArgumentException("there are two values named '" + name + "'; rename one");
      }
      return this;
    }

    /** Answers requirements in this process, as the operator; of two the later one wins. */
    public Builder responder(Responder answering) {
      responders.add(new Registered(null, answering));
      return this;
    }

    /** Answers requirements in this process, as this person; of two the later one wins. */
    public Builder responder(Principal as, Responder answering) {
      responders.add(new Registered(as, answering));
      return this;
    }

    /**
     * Something else in this process answers, for example a test or a page over a store in memory:
     * runs wait there too although the store forgets them.
     */
    public Builder answeredFromOutside() {
      this.answeredFromOutside = true;
      return this;
    }

    /** Is told when a responder gives no answer; also where the run goes on waiting. */
    public Builder onChannelFailure(Consumer<ChannelFailure> told) {
      failures.add(told);
      return this;
    }

    /** Is told of each run that ended, at least once, also after a restart. */
    public Builder listener(String name, Consumer<RunResult> onFinished) {
      listeners.put(name, onFinished);
      return this;
    }

    /** How often a silent model is asked again. */
    public Builder retry(ModelRetry tries) {
      this.retry = tries;
      return this;
    }

    /** How often to look for what became due by itself; a second unless said. */
    public Builder pollEvery(Duration time) {
      this.interval = time;
      return this;
    }

    /**
     * Has the end of the audit log signed and kept outside the database, at most once in this time,
     * when something was written since, and when this Assent is closed.
     */
    public Builder anchor(AuditAnchor outside, Duration every) {
      this.anchor = outside;
      this.anchored = every;
      return this;
    }

    /**
     * Erases what was written in a session so long after the end of its last run, see {@link
     * Assent#purge}; unless said it is kept for ever.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public Builder retain(Duration time) {
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException("content is retained for a time, not for " + time);
      }
      this.retained = time;
      return this;
    }

    /**
     * Starts working: also on runs that an earlier process left.
     *
     * @throws IllegalArgumentException when there is a responder but no operator to answer as, or a
     *     tool needs a value that nobody provides
     * @throws dev.assent.core.AssentException when the audit log is not the one that was anchored
     */
    public Assent start() {
      agents.values().forEach(agent -> MethodBody.check(agent, values.keySet()));
      Assent assent = new Assent(this);
      assent.checkpoints.start();
      assent.poller.start();
      assent.asking.start();
      return assent;
    }
  }
}
