package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.AuditRecord;
import dev.assent.core.AuditVerification;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Decision;
import dev.assent.core.Digest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.SignedDecision;
import dev.assent.core.TokenUse;
import dev.assent.core.ToolCallId;
import dev.assent.core.Verdict;
import dev.assent.core.spi.AccountStore;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import dev.assent.testkit.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store with a clock that stands, and short ways to make what goes in. */
abstract class StoreFixture {
  static final String TENANT = "main";
  static final Instant T0 = Instant.parse("2026-01-31T12:00:00.123Z");
  static final Instant LATER = T0.plusSeconds(60);
  static final Write.Lease LEASE = new Write.Lease("worker-1", LATER);
  static final Write.Lease OTHER_LEASE = new Write.Lease("worker-2", LATER.plusSeconds(60));

  final VirtualClock clock = VirtualClock.at(T0);
  Store store;

  abstract Store open(InstantSource time) throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open(clock);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  AccountStore accounts() {
    return (AccountStore) store;
  }

  /** Commits, and expects that it was done. */
  final void done(Write... writes) {
    assertThat(store.commit(TENANT, List.of(writes))).isEqualTo(new Committed.Done());
  }

  /** Commits with something else in front, and expects that nothing of it is left. */
  final void conflicts(Write write) {
    String marker = "marker-" + System.nanoTime();
    Write other = new Write.Tell(marker, "test", "x", T0);
    long head = store.auditHead(TENANT);

    Committed committed =
        store.commit(TENANT, List.of(other, audit(null), write, putBody("s-marker", marker)));

    assertThat(committed).isEqualTo(new Committed.Conflict(write));
    assertThat(store.outbox(TENANT, marker, 1)).isEmpty();
    assertThat(store.body(TENANT, new BodyId(marker))).isEmpty();
    assertThat(store.auditHead(TENANT)).isEqualTo(head);
  }

  final Store.StoredRun run(String id) {
    return store.run(TENANT, new RunId(id)).orElseThrow();
  }

  static RunEvent.Started started(String id, String session, RunMode mode) {
    RunId run = new RunId(id);
    return RunMachine.start(
        run, run, session, "finance_bot", mode, mode == RunMode.GATE ? null : ref("input-" + id));
  }

  static RunState first(String id) {
    return RunMachine.first(started(id, "session-" + id, RunMode.CONVERSATION), List.of());
  }

  static RunState next(RunState state) {
    return new RunState(
        state.schema(),
        state.id(),
        state.root(),
        state.session(),
        state.agent(),
        state.mode(),
        state.version() + 1,
        state.turns() + 1,
        state.nextCall(),
        state.calls(),
        new TokenUse(1, 2),
        state.cancelledBy(),
        state.end());
  }

  static RunState ended(RunState state) {
    RunState next = next(state);
    return new RunState(
        next.schema(),
        next.id(),
        next.root(),
        next.session(),
        next.agent(),
        next.mode(),
        next.version(),
        next.turns(),
        next.nextCall(),
        next.calls(),
        next.use(),
        next.cancelledBy(),
        new RunState.End(RunStatus.COMPLETED, ref("output-" + next.id()), null));
  }

  static Write.NewRun newRun(RunState state) {
    return new Write.NewRun(state, "ada", Map.of("team", "ops"), null, null, T0, T0);
  }

  static Write.NewRun newRun(RunState state, Write.Lease lease) {
    return new Write.NewRun(state, "ada", Map.of(), null, lease, T0, T0);
  }

  static Write.NextState nextState(RunState state, Write.Hold hold) {
    return new Write.NextState(state, hold, false, 0, null, T0);
  }

  static BodyRef ref(String text) {
    return body(text).ref();
  }

  static Body body(String text) {
    byte[] salt = new byte[16];
    salt[3] = 7;
    return new Body(new BodyId(text), salt, text.getBytes(StandardCharsets.UTF_8));
  }

  static Write.PutBody putBody(String session, String text) {
    return new Write.PutBody(session, body(text));
  }

  static Write.Audit audit(String run) {
    AuditRecord record = AuditRecord.of(TENANT, T0, "test.happened").with("note", "x");
    return new Write.Audit(run == null ? record : record.withRun(run, run, 1));
  }

  static Requirement requirement(String run, int number, Instant createdAt, Instant deadline) {
    RunId id = new RunId(run);
    ToolCallId call = new ToolCallId("c" + number);
    return new Requirement(
        RequirementId.of(id, call, RequirementKind.APPROVAL, 1),
        RequirementKind.APPROVAL,
        id,
        id,
        "session-" + run,
        "finance_bot",
        call,
        number % 2 == 0 ? "pay_invoice" : "send_mail",
        0,
        1,
        1,
        1,
        Digest.sha256(new byte[] {(byte) number}),
        ApprovalTerms.simple("test"),
        "ada",
        ref("arguments-" + run + "-" + number),
        null,
        createdAt,
        deadline,
        RequirementStatus.PENDING,
        null,
        null);
  }

  static Requirement requirement(String run) {
    return requirement(run, 1, T0, LATER);
  }

  static Decision decision(Requirement requirement, String principal, String key) {
    return new Decision(
        requirement.id(),
        requirement.version(),
        requirement.digest(),
        principal,
        "person-" + principal,
        Verdict.APPROVE,
        ref("because-" + key),
        T0,
        key,
        Digest.sha256(key.getBytes(StandardCharsets.UTF_8)));
  }

  final Write.NewDecision vote(Requirement requirement, String principal, String key) {
    return new Write.NewDecision(
        SignedDecision.sign(store.keys(), TENANT, decision(requirement, principal, key)));
  }

  /** Verifies the whole log and answers how many records it has. */
  final long intactAudit() {
    AuditVerification found =
        AuditVerification.verify(TENANT, store.audit(TENANT, 0, Integer.MAX_VALUE));
    assertThat(found).isInstanceOf(AuditVerification.Intact.class);
    return ((AuditVerification.Intact) found).records();
  }

  static Write.Lease leaseFor(Duration time) {
    return new Write.Lease("worker-9", T0.plus(time));
  }
}
