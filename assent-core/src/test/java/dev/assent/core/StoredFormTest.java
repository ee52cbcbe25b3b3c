package dev.assent.core;

import static dev.assent.core.Some.C1;
import static dev.assent.core.Some.NOW;
import static dev.assent.core.Some.RUN;
import static dev.assent.core.Some.ref;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The stored forms, pinned: a paused run outlives deploys. Adding a line is fine; a line that
 * changes needs a new schema version and an upcaster. {@code -Dassent.golden=FOLDER} writes the
 * file anew.
 */
class StoredFormTest {
  private static final String FILE = "stored-forms-4.txt";

  private static Map<String, Object> samples() {
    ToolCall.Bound bound =
        new ToolCall.Bound(
            Some.digest("tool"),
            ref("{}"),
            Some.digest("call"),
            Effect.AT_MOST_ONCE,
            true,
            Some.digest("effect"));
    ToolCall.Attempt attempt =
        new ToolCall.Attempt(1, NOW, NOW.plusSeconds(60), CallStatus.APPROVED);
    RequirementId approval = RequirementId.of(RUN, C1, RequirementKind.APPROVAL, 1);
    RequirementId doubt = RequirementId.of(RUN, C1, RequirementKind.RECONCILIATION, 1);
    Map<String, Object> samples = new LinkedHashMap<>();
    List<RunEvent> events =
        List.of(
            new RunEvent.Started(RUN, RUN, "session", "bot", RunMode.CONVERSATION, ref("hello")),
            new RunEvent.TurnEnded(ref("reply"), new TokenUse(10, 5)),
            new RunEvent.CallProposed(C1, "p1", "pay"),
            new RunEvent.CallRefused(C1, ref("refused"), "unknown-tool"),
            new RunEvent.CallDenied(C1, ref("denied"), "rule"),
            new RunEvent.CallAllowed(C1, bound, "rule", true),
            new RunEvent.GrantUsed(C1, new GrantId("grant-1")),
            new RunEvent.CallGated(C1, bound, 2, approval, "rule"),
            new RunEvent.CallApproved(C1, approval),
            new RunEvent.CallRejected(C1, ref("rejected")),
            new RunEvent.CallExpired(C1, ref("expired")),
            new RunEvent.CallRevoked(C1, ref("revoked")),
            new RunEvent.CallCancelled(C1, ref("cancelled")),
            new RunEvent.AttemptStarted(C1, attempt),
            new RunEvent.CallSucceeded(C1, 1, ref("paid")),
            new RunEvent.CallFailed(C1, 1, ref("failed"), "outcome-unknown", true),
            new RunEvent.CallSuspended(C1, 1, new RequirementId("run-1-c1u1")),
            new RunEvent.CallEdited(C1, bound, 3, "ada"),
            new RunEvent.CallAskedBack(C1, ref("why so much?"), "ada", NOW, 2),
            new RunEvent.CallAnsweredBack(
                C1,
                1,
                new TokenUse(3, 2),
                new ToolCall.RoundAnswer(ref("a typo"), ref("note"), NOW, 3, ref("a"), ref("b"))),
            new RunEvent.CallResponded(C1, ref("use the other account")),
            new RunEvent.CallAnswered(
                C1, new RequirementId("run-1-c1u1"), Verdict.ANSWER, ref("answer")),
            new RunEvent.ChildStarted(C1, new RunId("run-2")),
            new RunEvent.StepStarted(C1, 1, "book#1"),
            new RunEvent.StepEnded(C1, 1, "book#1", ref("booked")),
            new RunEvent.PersonSpoke(ref("and hurry")),
            new RunEvent.VariablesSet(ref("variables")),
            new RunEvent.AnswerHeld(ref("answer"), new RequirementId("run-1-outputv1"), 1),
            new RunEvent.ChangesAsked(new RequirementId("run-1-outputv1"), ref("shorter")),
            new RunEvent.CallInDoubt(C1, 1, doubt, ref("connection reset")),
            new RunEvent.DoubtCleared(C1, 1, CallStatus.APPROVED),
            new RunEvent.CancelAsked("ada"),
            new RunEvent.Completed(ref("done")),
            new RunEvent.Failed("no-model", ref("why")),
            new RunEvent.Cancelled());
    events.forEach(event -> samples.put("event " + event.getClass().getSimpleName(), event));
    for (CallStatus status : CallStatus.values()) {
      samples.put("snapshot " + status, snapshot(status, bound, attempt, approval));
    }
    samples.put(
        "snapshot ended",
        Some.run()
            .cancelledBy("ada")
            .ended(new RunState.End(RunStatus.FAILED, ref("why"), "no-model")));
    samples.put(
        "snapshot asking",
        Some.run(
                Some.call("c1", CallStatus.EXECUTING)
                    .step(new ToolCall.Step("book#1", 1, ref("booked")))
                    .to(CallStatus.SUSPENDED)
                    .asking(
                        new ToolCall.Asked(
                            new RequirementId("run-1-c1u1"),
                            RequirementKind.USER_INPUT,
                            Some.digest("question"),
                            1,
                            null,
                            null)))
            .refusing("pay", Some.digest("repeat"), ref("no"))
            .variables(ref("variables"))
            .reviewed(
                new RunState.OutputReview(
                    ref("answer"), new RequirementId("run-1-outputv1"), 1, true)));
    samples.put(
        "snapshot granted",
        Some.run(Some.call("c1", CallStatus.ALLOWED).granted(new GrantId("grant-1"))));
    samples.put(
        "snapshot asked back",
        Some.run(
            Some.call("c1", CallStatus.GATED)
                .askedBack(new ToolCall.Round(ref("why?"), "ada", NOW, 1, null))
                .answeredBack(1, new ToolCall.RoundAnswer(ref("a typo"), null, NOW, 1, null, null))
                .askedBack(new ToolCall.Round(ref("and?"), "bob", NOW, 1, null))));
    samples.put(
        "requirement",
        Some.requirement(
                new ApprovalTerms(
                    "rule",
                    List.of(new Threshold(2, List.of("finance"), List.of())),
                    Risk.HIGH,
                    "message",
                    "Pay {amount}",
                    java.time.Duration.ofHours(1),
                    java.time.Duration.ofMinutes(5),
                    ApprovalTerms.OnExpiry.REJECT),
                NOW.plusSeconds(3600))
            .closed(RequirementStatus.APPROVED, "ada", NOW));
    samples.put(
        "requirement of groups",
        Some.requirement(
            Some.terms(
                Threshold.anyOf(
                    List.of(
                        new Threshold(
                            2,
                            List.of("finance"),
                            List.of("mia"),
                            List.of("senior"),
                            List.of("trader"),
                            3,
                            List.of()),
                        Threshold.role("cfo")))),
            null));
    samples.put(
        "requirement claimed",
        Some.requirement(Some.terms(Threshold.anyone()), null)
            .claimed(new Claim("ada", "ada", NOW.plusSeconds(900), "bob")));
    for (Message message :
        List.of(
            new Message.User("hello"),
            new Message.Assistant("I pay.", List.of(new Message.Call("p1", "pay", "{}"))),
            new Message.ToolResult("p1", "pay", "paid", false))) {
      samples.put("message " + message.getClass().getSimpleName(), message);
    }
    return samples;
  }

  private static RunState snapshot(
      CallStatus status, ToolCall.Bound bound, ToolCall.Attempt attempt, RequirementId approval) {
    boolean judged = status != CallStatus.PROPOSED && status != CallStatus.REFUSED;
    return Some.run(
        new ToolCall(
            C1,
            "p1",
            "pay",
            status,
            judged ? 1 : 0,
            judged ? bound : null,
            judged ? approval : null,
            status.compareTo(CallStatus.EXECUTING) >= 0 ? attempt : null,
            status.settled() ? ref("result") : null,
            status == CallStatus.FAILED ? "outcome-unknown" : null));
  }

  @Test
  void everythingThatIsStoredReadsAsItWasWritten() throws IOException {
    Map<String, Object> samples = samples();
    String folder = System.getProperty("assent.golden");
    if (folder != null) {
      Files.writeString(Path.of(folder, FILE), String.join("\n", lines(samples)) + "\n");
    }
    Map<String, String> pinned = pinned(FILE);

    for (Map.Entry<String, Object> sample : samples.entrySet()) {
      String json = json(sample.getValue());
      assertThat(json).as(sample.getKey()).isEqualTo(pinned.get(sample.getKey()));
      assertThat(
              RecordJson.read(sample.getValue().getClass(), json.getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(sample.getValue());
    }
    assertThat(pinned.keySet()).isEqualTo(new TreeMap<>(samples).keySet());
  }

  @Test
  void noEventIsLeftOut() {
    assertThat(samples().values())
        .filteredOn(RunEvent.class::isInstance)
        .extracting(Object::getClass)
        .containsExactlyInAnyOrderElementsOf(records(RunEvent.class).toList());
    assertThat(RunState.SCHEMA).isEqualTo(4);
  }

  /** What earlier versions stored is read by this one, and means the same. */
  @Tag("X32")
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatEarlierVersionsStoredStillReads(int schema) throws IOException {
    Map<String, Object> samples = samples();

    for (Map.Entry<String, String> line : pinned("stored-forms-" + schema + ".txt").entrySet()) {
      Object sample = Objects.requireNonNull(samples.get(line.getKey()), line.getKey());
      Object read =
          RecordJson.read(sample.getClass(), line.getValue().getBytes(StandardCharsets.UTF_8));

      if (read instanceof RunState old) {
        assertThat(old.schema()).isEqualTo(schema);
        assertThat(old.nextVersion().schema()).isEqualTo(RunState.SCHEMA);
        assertThat(old.calls()).isEqualTo(((RunState) sample).calls());
      } else if (!(read instanceof RunEvent.CallSuspended)) {
        assertThat(read).as(line.getKey()).isEqualTo(sample);
      }
    }
  }

  private static Stream<Class<?>> records(Class<?> sealed) {
    return Stream.of(sealed.getPermittedSubclasses())
        .flatMap(type -> type.isRecord() ? Stream.of(type) : records(type))
        .distinct();
  }

  private static List<String> lines(Map<String, Object> samples) {
    List<String> lines = new ArrayList<>();
    samples.forEach((name, value) -> lines.add(name + "\t" + json(value)));
    return lines;
  }

  private static String json(Object value) {
    return new String(RecordJson.write(value), StandardCharsets.UTF_8);
  }

  private static Map<String, String> pinned(String file) throws IOException {
    Map<String, String> pinned = new TreeMap<>();
    try (InputStream in =
        Objects.requireNonNull(StoredFormTest.class.getResourceAsStream(file), file)) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        String[] parts = line.split("\t", 2);
        pinned.put(parts[0], parts[1]);
      }
    }
    return pinned;
  }
}
