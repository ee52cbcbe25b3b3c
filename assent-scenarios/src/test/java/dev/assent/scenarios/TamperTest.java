package dev.assent.scenarios;

import static dev.assent.scenarios.World.pay;
import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Body;
import dev.assent.core.CallStatus;
import dev.assent.core.CallSubject;
import dev.assent.core.Digest;
import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.ToolCall;
import dev.assent.core.Verdict;
import dev.assent.runtime.RunResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody with the database file in hand, and even with the master key for its bodies, changes
 * what is stored while no process runs. Nothing runs then.
 */
@Timeout(60)
class TamperTest {
  @TempDir Path folder;
  private World world;
  private RunId run;
  private Requirement shown;

  @BeforeEach
  void aPaymentWaits() {
    world = new World(World.Kept.IN_SQLITE, folder);
    world.model.calls(pay("p1", "17", 10));
    RunResult.Paused paused = world.pauses("Pay 17");
    run = paused.run();
    shown = paused.requirements().getFirst();
  }

  @AfterEach
  void end() {
    world.close();
  }

  /** Approved by a person in a process that does not execute. */
  private void approved() {
    world.stop();
    world.store = world.open();
    world.assent = world.startWithoutAgent(world.store);
    world.says(shown, Verdict.APPROVE, null);
  }

  private interface Change {
    void in(TamperedFile file) throws Exception;
  }

  private RunResult after(Change change) throws Exception {
    world.stop();
    try (TamperedFile file = new TamperedFile(world.file())) {
      change.in(file);
      file.ring(run);
    }
    world.store = world.open();
    world.assent = world.start(world.store);
    return world.assent.resume(run);
  }

  private void failsWith(String code, RunResult result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Failed.class, failed -> assertThat(failed.code()).isEqualTo(code));
    assertThat(world.ledger).isEmpty();
    assertThat(world.state(run).calls()).allMatch(each -> each.status() == CallStatus.CANCELLED);
  }

  private void isAskedAgain(RunResult result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Paused.class,
            paused -> {
              assertThat(paused.requirements()).hasSize(1);
              assertThat(paused.requirements().getFirst().version()).isEqualTo(2);
              assertThat(paused.requirements().getFirst().status())
                  .isEqualTo(RequirementStatus.PENDING);
            });
    assertThat(world.ledger).isEmpty();
    assertThat(world.call(run, "pay").status()).isEqualTo(CallStatus.GATED);
  }

  private Body stored() {
    return world.store.body(World.TENANT, shown.arguments().id()).orElseThrow();
  }

  private static Body more(Body body) {
    return new Body(
        body.id(),
        body.salt(),
        body.text().replace("10", "999999").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @Tag("X1")
  @DisplayName("other arguments, encrypted with the real key")
  void otherArguments() throws Exception {
    approved();
    Body forged = more(stored());

    RunResult result = after(file -> file.body(shown.session(), forged));

    failsWith("arguments-tampered", result);
  }

  @Test
  void bytesThatWereChangedInPlace() throws Exception {
    approved();

    RunResult result =
        after(
            file ->
                file.update(
                    "UPDATE assent_body SET encrypted = zeroblob(length(encrypted)) WHERE id = ?",
                    shown.arguments().id().value()));

    failsWith("arguments-tampered", result);
  }

  @Test
  void argumentsThatAreGone() throws Exception {
    approved();

    RunResult result =
        after(
            file ->
                file.update(
                    "DELETE FROM assent_body WHERE id = ?", shown.arguments().id().value()));

    failsWith("arguments-tampered", result);
  }

  @Test
  @Tag("X1")
  @DisplayName("other arguments, and their digest in snapshot and requirement")
  void otherArgumentsAndTheirDigest() throws Exception {
    approved();
    Body forged = more(stored());

    RunResult result =
        after(
            file -> {
              file.body(shown.session(), forged);
              Digest[] digest = new Digest[1];
              file.snapshot(
                  run,
                  state ->
                      first(
                          state,
                          each -> {
                            ToolCall.Bound bound = each.mustBeBound();
                            digest[0] =
                                new CallSubject(
                                        run,
                                        "ada",
                                        each.id(),
                                        each.tool(),
                                        bound.fingerprint(),
                                        forged.content(),
                                        forged.salt())
                                    .digest(1);
                            return changed(
                                each,
                                each.status(),
                                new ToolCall.Bound(
                                    bound.fingerprint(),
                                    forged.ref(),
                                    digest[0],
                                    bound.effect(),
                                    bound.independent(),
                                    bound.effectKey()));
                          }));
              file.digest(shown, digest[0], forged.ref());
            });

    failsWith("digest-mismatch", result);
  }

  @Test
  @Tag("X16")
  @DisplayName("an inserted decision")
  void anInsertedDecision() throws Exception {
    RunResult result =
        after(
            file -> {
              file.decision(shown, new byte[32]);
              file.requirementStatus(shown, "APPROVED", "ada");
            });

    failsWith("forged-decision", result);
  }

  @Test
  @Tag("X2")
  @DisplayName("a genuine decision copied from another requirement")
  void aCopiedDecision() throws Exception {
    world.model.calls(call("l", "letter", "{\"to\":\"bob\"}"));
    RunResult.Paused other = world.pauses("Write");
    world.stop();
    world.store = world.open();
    world.assent = world.startWithoutAgent(world.store);
    world.says(other.requirements().getFirst(), Verdict.APPROVE, null);

    RunResult result =
        after(
            file -> {
              file.update(
                  "UPDATE assent_decision SET requirement = ? WHERE requirement = ?",
                  shown.id().value(),
                  other.requirements().getFirst().id().value());
              file.requirementStatus(shown, "APPROVED", "ada");
            });

    failsWith("forged-decision", result);
  }

  @Test
  void aRequirementMadeApproved() throws Exception {
    isAskedAgain(after(file -> file.requirementStatus(shown, "APPROVED", "ada")));
  }

  @Test
  void aSnapshotMadeApproved() throws Exception {
    isAskedAgain(
        after(
            file ->
                file.snapshot(
                    run,
                    state ->
                        first(
                            state,
                            each -> changed(each, CallStatus.APPROVED, each.mustBeBound())))));
  }

  @Test
  void aSnapshotAndItsRequirementMadeApproved() throws Exception {
    isAskedAgain(
        after(
            file -> {
              file.requirementStatus(shown, "APPROVED", "ada");
              file.snapshot(
                  run,
                  state ->
                      first(state, each -> changed(each, CallStatus.APPROVED, each.mustBeBound())));
            }));
  }

  @Test
  @Tag("X5")
  @DisplayName("a snapshot made allowed, as if nobody had ever to be asked")
  void aSnapshotMadeAllowed() throws Exception {
    isAskedAgain(
        after(
            file ->
                file.snapshot(
                    run,
                    state ->
                        first(
                            state,
                            each ->
                                new ToolCall(
                                    each.id(),
                                    each.providerId(),
                                    each.tool(),
                                    CallStatus.ALLOWED,
                                    each.version(),
                                    each.bound(),
                                    null,
                                    null,
                                    null,
                                    null)))));
  }

  @Test
  void thresholdsMadeEasierInTheRequirement() throws Exception {
    RunResult result =
        after(
            file ->
                file.update(
                    "UPDATE assent_requirement SET counts_from = 0, status = 'APPROVED',"
                        + " closed_by = 'ada', closed_at = created_at WHERE id = ?",
                    shown.id().value()));

    isAskedAgain(result);
  }

  @Test
  @Tag("X39")
  @DisplayName("another requester in the requirement")
  void anotherRequester() throws Exception {
    approved();

    failsWith(
        "requirement-tampered",
        after(
            file ->
                file.requirement(
                    shown,
                    record -> record.replace("\"requester\":\"ada\"", "\"requester\":\"zoe\""))));
  }

  @Test
  @Tag("X9")
  @DisplayName("a call that ran made approved again")
  void aCallThatRanMadeApprovedAgain() throws Exception {
    world.model.otherwise(request -> new Message.Assistant("done", List.of()));
    world.says(shown, Verdict.REJECT, null);
    world.assent.resume(run);
    world.model.calls(
        call("l", "letter", "{\"to\":\"bob\"}"), call("k", "letter", "{\"to\":\"eve\"}"));
    RunResult.Paused paused = world.pauses("Write");
    run = paused.run();
    world.says(paused.requirements().getFirst(), Verdict.APPROVE, null);
    world.assent.resume(run);
    assertThat(world.ledger).containsExactly("letter bob");
    world.ledger.clear();

    RunResult result =
        after(
            file ->
                file.snapshot(
                    run,
                    state ->
                        first(
                            state,
                            each -> changed(each, CallStatus.APPROVED, each.mustBeBound()))));

    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo("attempt-replayed"));
    assertThat(world.ledger).isEmpty();
  }

  private static RunState first(RunState state, UnaryOperator<ToolCall> change) {
    ToolCall before = state.calls().getFirst();
    List<ToolCall> calls =
        state.calls().stream().map(each -> each == before ? change.apply(each) : each).toList();
    return new RunState(
        state.schema(),
        state.id(),
        state.root(),
        state.session(),
        state.agent(),
        state.mode(),
        state.version(),
        state.turns(),
        state.nextCall(),
        calls,
        state.use(),
        state.cancelledBy(),
        state.end());
  }

  private static ToolCall changed(ToolCall call, CallStatus status, ToolCall.Bound bound) {
    return new ToolCall(
        call.id(),
        call.providerId(),
        call.tool(),
        status,
        call.version(),
        bound,
        call.requirement(),
        call.attempt(),
        null,
        null);
  }

  @Test
  void aReconciliationThatNobodyMade() throws Exception {
    world.afterEffect =
        context -> {
          throw new IllegalStateException("reset");
        };
    world.says(shown, Verdict.APPROVE, null);
    RunResult.Paused doubt = (RunResult.Paused) world.assent.resume(run);
    Requirement open = doubt.requirements().getFirst();
    world.ledger.clear();
    world.stop();
    try (TamperedFile file = new TamperedFile(world.file())) {
      file.update(
          "INSERT INTO assent_decision (tenant, requirement, version, digest, principal, person,"
              + " verdict, at, idempotency_key, request, signature) SELECT tenant, id, version,"
              + " digest, 'ada', 'ada', 'DID_NOT_HAPPEN', created_at, 'forged', digest, digest"
              + " FROM assent_requirement WHERE id = ?",
          open.id().value());
      file.requirementStatus(open, "RESOLVED", "ada");
      file.ring(run);
    }
    world.store = world.open();
    world.assent = world.start(world.store);

    RunResult result = world.assent.resume(run);

    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo("forged-decision"));
    assertThat(world.call(run, "pay").status()).isEqualTo(CallStatus.IN_DOUBT);
    assertThat(world.ledger).isEmpty();
  }

  @Test
  void theTestWouldNoticeAPaymentThatRuns() throws Exception {
    world.model.says("done");
    approved();

    RunResult result = after(file -> {});

    assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(world.ledger).containsExactly("pay 17 10 Acme");
  }
}
