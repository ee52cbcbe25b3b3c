package dev.assent.scenarios;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.AuditRecord;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.CallSubject;
import dev.assent.core.CanonicalJson;
import dev.assent.core.Decision;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Json;
import dev.assent.core.Message;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunCommand;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.TokenUse;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.ToolSpec;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run of the golden store, written by the machine and the store alone: its first call ends in
 * the wanted state; when that is a settled one, a second call of the batch waits for approval.
 */
final class GoldenRun {
  private static final String TENANT = "main";
  private static final Instant NOW = GoldenStore.MADE;

  /** How a message is stored. */
  record Spoken(Message message) {}

  private final Store store;
  private final CallStatus wanted;
  private final RunId run;
  private final String session;
  private final List<Write> writes = new ArrayList<>();
  private RunState state;
  private long fence;
  private int bodies;

  GoldenRun(Store store, CallStatus wanted) {
    this.store = store;
    this.wanted = wanted;
    this.run = GoldenStore.run(wanted);
    this.session = "session-" + run;
  }

  void write() {
    begin();
    reply();
    if (wanted != CallStatus.PROPOSED) {
      judgeFirst();
      if (wanted.settled()) {
        gate(second(), "second-" + wanted);
      }
      afterJudging();
    }
    commit(List.of(), ready() ? NOW : null);
    if (state.calls().getFirst().status() != wanted) {
      throw new IllegalStateException(state + " is not " + wanted);
    }
  }

  /** True when the process that stopped here had more to do. */
  private boolean ready() {
    return switch (wanted) {
      case PROPOSED, ALLOWED, APPROVED, EXECUTING -> true;
      case GATED, SUSPENDED, IN_DOUBT -> false;
      case SUCCEEDED, FAILED, REFUSED, DENIED, REJECTED, EXPIRED, REVOKED, CANCELLED -> false;
    };
  }

  // ---- the story ----

  private void begin() {
    BodyRef input = spoken(new Message.User("Pay it."));
    RunEvent.Started started =
        RunMachine.start(run, run, session, "bot", RunMode.CONVERSATION, input);
    state = RunMachine.first(started, List.of());
    List<Write> first = new ArrayList<>();
    first.add(new Write.NewRun(state, "ada", Map.of("golden", "1"), null, null, null, NOW));
    first.addAll(writes);
    writes.clear();
    first.add(new Write.NewMessage(session, run, "user", input, NOW));
    first.add(new Write.Journal(run, 1, List.of(started), NOW));
    first.add(audit());
    done(first);
  }

  private void reply() {
    List<Message.Call> calls = new ArrayList<>();
    calls.add(new Message.Call("p1", toolName(), arguments()));
    if (wanted.settled()) {
      calls.add(new Message.Call("p2", "pay", "{\"invoice\":\"second-" + wanted + "\"}"));
    }
    Message.Assistant message = new Message.Assistant("I pay.", calls);
    BodyRef body = spoken(message);
    writes.add(new Write.NewMessage(session, run, "assistant", body, NOW));
    tell(
        new RunCommand.ModelReplied(
            body,
            new TokenUse(10, 5),
            calls.stream().map(c -> new RunCommand.Proposed(c.providerId(), c.tool())).toList()));
  }

  private String toolName() {
    return switch (wanted) {
      case REFUSED -> "nope";
      case ALLOWED, DENIED -> "mail";
      default -> "pay";
    };
  }

  private String arguments() {
    return toolName().equals("mail") ? "{\"to\":\"bob\"}" : "{\"invoice\":\"" + wanted + "\"}";
  }

  private void judgeFirst() {
    switch (wanted) {
      case REFUSED -> judged(new RunCommand.Judgement.Refuse(result(), "unknown-tool"));
      case DENIED -> judged(new RunCommand.Judgement.Deny(result(), "no mail today"));
      case ALLOWED ->
          judged(
              new RunCommand.Judgement.Allow(
                  bound(first(), GoldenStore.MAIL, "{\"to\":\"bob\"}", null),
                  "no rule asks for more",
                  false));
      default -> gate(first(), wanted.name());
    }
  }

  private void judged(RunCommand.Judgement judgement) {
    tell(new RunCommand.Judged(first(), judgement));
  }

  private void afterJudging() {
    switch (wanted) {
      case PROPOSED, GATED, ALLOWED, REFUSED, DENIED -> {}
      case REJECTED, EXPIRED, CANCELLED -> refused();
      case APPROVED, EXECUTING, SUSPENDED, IN_DOUBT, SUCCEEDED, FAILED, REVOKED -> approved();
    }
  }

  private void refused() {
    RequirementStatus how = RequirementStatus.valueOf(wanted.name());
    if (how == RequirementStatus.REJECTED) {
      decide(Verdict.REJECT);
    } else {
      done(close(approval(), how, null));
    }
    tell(new RunCommand.NotApproved(first(), 1, how, result()));
  }

  private void approved() {
    decide(Verdict.APPROVE);
    tell(new RunCommand.Approved(first(), 1));
    if (wanted == CallStatus.REVOKED) {
      tell(new RunCommand.Revoke(first(), result()));
    } else if (wanted != CallStatus.APPROVED) {
      executed();
    }
  }

  private void executed() {
    Digest key = effectKey();
    writes.add(new Write.ReserveEffect(key, run, first(), 1, NOW));
    tell(new RunCommand.StartAttempt(first(), NOW.plusSeconds(60)));
    switch (wanted) {
      case SUSPENDED -> suspended();
      case IN_DOUBT -> doubtful(key);
      case SUCCEEDED -> {
        writes.add(new Write.SettleEffect(key, run, first(), Write.EffectStatus.COMMITTED, NOW));
        tell(new RunCommand.Succeeded(first(), 1, result()));
      }
      case FAILED -> {
        writes.add(new Write.ReleaseEffect(key, run, first()));
        tell(new RunCommand.FailedFor(first(), 1, result(), "not-executed"));
      }
      default -> {}
    }
  }

  private void suspended() {
    RequirementId asked = RequirementId.of(run, first(), RequirementKind.USER_INPUT, 1);
    writes.add(
        new Write.NewRequirement(
            requirement(asked, RequirementKind.USER_INPUT, first(), 0, digestOf(first()))));
    tell(new RunCommand.Suspended(first(), 1, asked));
  }

  private void doubtful(Digest key) {
    writes.add(new Write.SettleEffect(key, run, first(), Write.EffectStatus.IN_DOUBT, NOW));
    Digest attempt =
        Digest.over(
            "assent-attempt-1", digestOf(first()).bytes(), "1".getBytes(StandardCharsets.UTF_8));
    RequirementId doubt = RunMachine.reconciliationOf(state, first(), 1);
    writes.add(
        new Write.NewRequirement(
            requirement(doubt, RequirementKind.RECONCILIATION, first(), 1, attempt)));
    tell(
        new RunCommand.OutcomeUnknown(
            first(), 1, result(), body("connection reset".getBytes(StandardCharsets.UTF_8)).ref()));
  }

  // ---- its parts ----

  private static ToolCallId first() {
    return new ToolCallId("c1");
  }

  private static ToolCallId second() {
    return new ToolCallId("c2");
  }

  private void gate(ToolCallId call, String invoice) {
    ToolCall.Bound bound =
        bound(call, GoldenStore.PAY, "{\"invoice\":\"" + invoice + "\"}", keyOf(invoice));
    tell(
        new RunCommand.Judged(
            call, new RunCommand.Judgement.Gate(bound, "payments need a person")));
    writes.add(
        new Write.NewRequirement(
            requirement(
                RunMachine.approvalOf(state, call),
                RequirementKind.APPROVAL,
                call,
                0,
                bound.digest())));
    commit(List.of(), null);
  }

  private ToolCall.Bound bound(ToolCallId call, ToolSpec tool, String json, Digest effectKey) {
    Body arguments = body(CanonicalJson.of(Json.parse(json)));
    Digest digest =
        new CallSubject(
                run,
                "ada",
                call,
                tool.name(),
                tool.fingerprint(),
                arguments.content(),
                arguments.salt())
            .digest(1);
    return new ToolCall.Bound(
        tool.fingerprint(), arguments.ref(), digest, tool.effect(), false, effectKey);
  }

  private Digest effectKey() {
    return keyOf(wanted.name());
  }

  private Digest keyOf(String invoice) {
    return Digest.ofBytes(
        store
            .keys()
            .mac(
                "assent-effect",
                (TENANT + "\ninvoice:" + invoice).getBytes(StandardCharsets.UTF_8)));
  }

  private Digest digestOf(ToolCallId call) {
    return state.find(call).orElseThrow().mustBeBound().digest();
  }

  private Requirement requirement(
      RequirementId id, RequirementKind kind, ToolCallId call, int attempt, Digest digest) {
    return new Requirement(
        id,
        kind,
        run,
        run,
        session,
        "bot",
        call,
        state.find(call).orElseThrow().tool(),
        attempt,
        1,
        1,
        1,
        digest,
        ApprovalTerms.simple("payments need a person"),
        "ada",
        state.find(call).orElseThrow().mustBeBound().arguments(),
        null,
        NOW,
        null,
        RequirementStatus.PENDING,
        null,
        null);
  }

  private Requirement approval() {
    return store.requirement(TENANT, RunMachine.approvalOf(state, first())).orElseThrow();
  }

  private void decide(Verdict verdict) {
    Requirement shown = approval();
    DecisionRequest request =
        new DecisionRequest(1, shown.digest(), verdict, null, null, "golden-" + verdict);
    Decision decision =
        new Decision(
            shown.id(),
            1,
            shown.digest(),
            "ada",
            "ada",
            verdict,
            null,
            NOW,
            request.idempotencyKey(),
            request.content());
    List<Write> all =
        close(
            shown,
            verdict == Verdict.APPROVE ? RequirementStatus.APPROVED : RequirementStatus.REJECTED,
            "ada");
    all.add(new Write.NewDecision(SignedDecision.sign(store.keys(), TENANT, decision)));
    done(all);
  }

  private static List<Write> close(Requirement open, RequirementStatus how, String by) {
    return new ArrayList<>(
        List.of(new Write.NextRequirement(open.closed(how, by, NOW), false, NOW)));
  }

  /** The one tool result of the first call; the event that it comes with makes it a message. */
  private BodyRef result() {
    BodyRef result = spoken(new Message.ToolResult("p1", toolName(), "result of " + wanted, false));
    if (wanted.settled()) {
      writes.add(new Write.NewMessage(session, run, "tool", result, NOW));
    }
    return result;
  }

  private BodyRef spoken(Message message) {
    return body(RecordJson.write(new Spoken(message))).ref();
  }

  private Body body(byte[] content) {
    byte[] salt = new byte[16];
    salt[0] = (byte) ++bodies;
    Body body = new Body(new BodyId(run + "-b" + bodies), salt, content);
    writes.add(new Write.PutBody(session, body));
    return body;
  }

  // ---- the store ----

  private void tell(RunCommand command) {
    commit(RunMachine.decide(state, command, NOW), null);
  }

  private void commit(List<RunEvent> events, Instant readyAt) {
    List<Write> all = new ArrayList<>();
    if (events.isEmpty()) {
      if (readyAt != null) {
        all.add(new Write.Ring(run, readyAt));
      }
    } else {
      state = RunMachine.apply(state, events);
      all.add(new Write.NextState(state, new Write.Hold.Pass(fence++), false, 0, readyAt, NOW));
      all.add(new Write.Journal(run, state.version(), events, NOW));
      all.add(audit());
    }
    all.addAll(writes);
    writes.clear();
    if (!all.isEmpty()) {
      done(all);
    }
  }

  private Write audit() {
    return new Write.Audit(
        AuditRecord.of(TENANT, NOW, "run")
            .withRun(run.value(), run.value(), 1)
            .with(AuditRecord.RUN_VERSION, Long.toString(state.version()))
            .with("status", state.status().name()));
  }

  private void done(List<Write> all) {
    if (store.commit(TENANT, all) instanceof Committed.Conflict conflict) {
      throw new IllegalStateException(run + ": " + conflict);
    }
  }
}
