package dev.assent.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values that tests of the machines need and do not care about. */
final class Some {
  static final Instant NOW = Instant.parse("2026-05-04T10:15:30.123Z");
  static final RunId RUN = new RunId("run-1");
  static final ToolCallId C1 = new ToolCallId("c1");
  static final ToolCallId C2 = new ToolCallId("c2");
  static final ToolCallId C3 = new ToolCallId("c3");

  private Some() {}

  static Body body(String text) {
    return new Body(
        new BodyId("b-" + Integer.toHexString(text.hashCode())),
        "salt of 16 bytes".getBytes(StandardCharsets.US_ASCII),
        text.getBytes(StandardCharsets.UTF_8));
  }

  static BodyRef ref(String text) {
    return body(text).ref();
  }

  static Digest digest(String text) {
    return Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static ToolCall.Bound bound(Effect effect, boolean independent) {
    return new ToolCall.Bound(digest("tool"), ref("{}"), digest("call"), effect, independent, null);
  }

  static ToolCall call(String id, CallStatus status) {
    return call(id, status, Effect.AT_MOST_ONCE, false);
  }

  static ToolCall call(String id, CallStatus status, Effect effect, boolean independent) {
    boolean bound = status != CallStatus.PROPOSED && status != CallStatus.REFUSED;
    return new ToolCall(
        new ToolCallId(id),
        "p-" + id,
        "pay",
        status,
        bound ? 1 : 0,
        bound ? bound(effect, independent) : null,
        null,
        status == CallStatus.EXECUTING || status == CallStatus.IN_DOUBT
            ? new ToolCall.Attempt(1, NOW, NOW.plusSeconds(60), CallStatus.APPROVED)
            : null,
        status.settled() ? ref("result of " + id) : null,
        null);
  }

  /** A running conversation with these calls in its open batch. */
  static RunState run(ToolCall... calls) {
    return new RunState(
        RunState.SCHEMA,
        RUN,
        RUN,
        "session",
        "bot",
        RunMode.CONVERSATION,
        7,
        1,
        calls.length + 1,
        List.of(calls),
        TokenUse.NONE,
        null,
        null);
  }

  /** The state after a command, of one transition. */
  static RunState after(RunState state, RunCommand... commands) {
    RunState next = state;
    for (RunCommand command : commands) {
      next = RunMachine.apply(next, RunMachine.decide(next, command, NOW));
    }
    return next;
  }

  static Map<ToolCallId, BodyRef> results(RunState state) {
    Map<ToolCallId, BodyRef> results = new HashMap<>();
    state.calls().forEach(call -> results.put(call.id(), ref("closed " + call.id())));
    return results;
  }

  static ApprovalTerms terms(Threshold... thresholds) {
    return new ApprovalTerms(
        "rule",
        List.of(thresholds),
        Risk.MEDIUM,
        "",
        null,
        null,
        null,
        ApprovalTerms.OnExpiry.REJECT);
  }

  static Threshold of(int approvals, String... roles) {
    return new Threshold(approvals, List.of(roles), List.of());
  }

  static Requirement requirement(ApprovalTerms terms, @Nullable Instant deadline) {
    return requirement(RequirementKind.APPROVAL, terms, deadline);
  }

  static Requirement requirement(
      RequirementKind kind, ApprovalTerms terms, @Nullable Instant deadline) {
    return new Requirement(
        RequirementId.of(RUN, C1, kind, 1),
        kind,
        RUN,
        RUN,
        "session",
        "bot",
        C1,
        "pay",
        kind == RequirementKind.RECONCILIATION ? 1 : 0,
        1,
        1,
        1,
        digest("call"),
        terms,
        "rita",
        ref("{}"),
        null,
        NOW,
        deadline,
        RequirementStatus.PENDING,
        null,
        null);
  }

  static DecisionRequest says(Requirement to, Verdict verdict, String key) {
    return new DecisionRequest(to.version(), to.digest(), verdict, null, null, key);
  }

  static Decision decision(Requirement on, Principal by, Verdict verdict) {
    return decision(on, on.version(), on.digest(), by, verdict, NOW);
  }

  static Decision decision(
      Requirement on, int version, Digest shown, Principal by, Verdict verdict, Instant at) {
    return new Decision(
        on.id(),
        version,
        shown,
        by.id(),
        by.person(),
        verdict,
        null,
        at,
        "key-" + by.id() + "-" + verdict + "-" + version,
        digest("request"));
  }

  static Principal account(String id, String person, String... roles) {
    return new Principal(id, Principal.Kind.PERSON, person, Set.of(roles));
  }

  static Authority authority(Profile profile, Principal... known) {
    Map<String, Principal> byId = new HashMap<>();
    for (Principal each : known) {
      byId.put(each.id(), each);
    }
    return new Authority(profile, id -> Optional.ofNullable(byId.get(id)), NOW);
  }

  static Keyring keys() {
    byte[] master = new byte[Keyring.MASTER_KEY_BYTES];
    for (int i = 0; i < master.length; i++) {
      master[i] = (byte) i;
    }
    return Keyring.of(master);
  }

  static ToolSpec tool(String description, Effect effect) {
    return new ToolSpec(
        ToolSpec.OWN_CODE,
        "pay",
        "2",
        description,
        Json.parse(
            "{\"type\":\"object\",\"properties\":{\"invoice\":{\"type\":\"string\"},"
                + "\"amount\":{\"type\":\"integer\"}},\"required\":[\"invoice\",\"amount\"],"
                + "\"additionalProperties\":false}"),
        effect,
        "invoice:{invoice}",
        true,
        Duration.ofSeconds(30),
        List.of());
  }
}
