package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.ADA;
import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditRecord;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.core.WhyNot;
import dev.assent.runtime.Change;
import dev.assent.runtime.Reply;
import dev.assent.runtime.Responder;
import dev.assent.runtime.RunResult;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody decides, and others are asked: by the clock, also in another process. */
@Tag("C18")
@Timeout(60)
class EscalationTest {
  private static final Principal FIN = Principal.person("fin", "finance");
  private static final Principal HEAD = Principal.person("head", "head");
  private static final Principal CFO = Principal.person("cfo", "cfo");
  private static final Map<String, Principal> PEOPLE =
      Map.of("ada", ADA, "fin", FIN, "head", HEAD, "cfo", CFO);

  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final List<Change.Kind> told = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Bank {
    @RequiresApproval(
        role = "finance",
        expiresAfter = "PT8H",
        remindAfter = "PT1H",
        escalateTo = {"head", "cfo"})
    @Tool("Pays")
    String pay(long amount) {
      done.add("paid " + amount);
      return "paid " + amount;
    }
  }

  private Requirement asked(Habit habit, UnaryOperator<dev.assent.runtime.Assent.Builder> more) {
    desk =
        new Desk(
            habit,
            folder,
            agent -> agent.tools(new Bank()),
            builder ->
                more.apply(
                    builder
                        .directory(id -> Optional.ofNullable(PEOPLE.get(id)))
                        .profile(Profile.SEPARATED)));
    desk.model.calls(call("pay", "{\"amount\":5}")).says("Done.");
    return desk.waitsFor(desk.run("Pay"), RequirementKind.APPROVAL);
  }

  private Requirement asked(Habit habit) {
    return asked(habit, builder -> builder);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private void listen() {
    desk.assent.onChange(change -> told.add(change.kind()));
  }

  private List<AuditRecord> escalations() {
    return desk.store.audit(Desk.TENANT, 0, 1_000).stream()
        .map(row -> AuditRecord.read(row.recordBytes()))
        .filter(record -> record.type().equals("escalation"))
        .toList();
  }

  private Requirement now(Requirement asked) {
    return desk.store.requirement(Desk.TENANT, asked.id()).orElseThrow();
  }

  private WhyNot refused(Principal who, Requirement asked) {
    DecisionOutcome outcome = desk.saysAs(who, asked, Verdict.APPROVE, null, null);
    assertThat(outcome).isInstanceOf(DecisionOutcome.NotEntitled.class);
    return ((DecisionOutcome.NotEntitled) outcome).reason();
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  @Tag("X24")
  void atHalfTheDeadlineTheNextOnesAreAskedAndMayDecide(Habit habit) {
    Requirement asked = asked(habit);
    assertThat(refused(HEAD, asked)).isInstanceOf(WhyNot.NotYet.class);

    desk.after(Duration.ofHours(4).minusMillis(1));
    assertThat(refused(HEAD, asked)).isInstanceOf(WhyNot.NotYet.class);
    assertThat(escalations()).isEmpty();
    listen();
    desk.after(Duration.ofMillis(1));

    assertThat(told).containsOnlyOnce(Change.Kind.ESCALATION);
    assertThat(escalations())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.requirement()).isEqualTo(asked.id().value());
              assertThat(line.details().get("to.1")).startsWith("role head");
            });
    assertThat(now(asked).revision()).isEqualTo(asked.revision() + 1);
    assertThat(desk.saysAs(HEAD, asked, Verdict.APPROVE, null, null))
        .isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
    assertThat(done).containsExactly("paid 5");
  }

  @Test
  @Tag("X24")
  void aProcessThatWasDownMeanwhileTellsOfAllThatBeganAndOnlyOnce() {
    Requirement asked = asked(Habit.STAYS);
    desk.restart();
    listen();

    desk.after(Duration.ofHours(7));
    desk.restart();
    desk.after(Duration.ofMinutes(1));

    assertThat(told)
        .containsOnlyOnce(Change.Kind.ESCALATION)
        .containsOnlyOnce(Change.Kind.REMINDER);
    assertThat(escalations())
        .singleElement()
        .satisfies(line -> assertThat(line.details().get("to.2")).startsWith("role cfo"));
    assertThat(desk.saysAs(CFO, asked, Verdict.REJECT, null, "no budget"))
        .isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
    assertThat(done).isEmpty();
  }

  @Test
  void eachRungComesAtItsTimeAndTheReminderStillOnce() {
    Requirement asked = asked(Habit.RESTARTS);
    listen();

    for (int quarter = 0; quarter < 30; quarter++) {
      desk.after(Duration.ofMinutes(15));
    }

    assertThat(told).filteredOn(Change.Kind.REMINDER::equals).hasSize(1);
    assertThat(told).filteredOn(Change.Kind.ESCALATION::equals).hasSize(2);
    assertThat(escalations())
        .extracting(line -> line.details().get("from.1"))
        .containsExactly(
            asked.createdAt().plus(Duration.ofHours(4)).toString(),
            asked.createdAt().plus(Duration.ofHours(6)).toString());
  }

  @Test
  @Tag("X25")
  void theDeadlineStillEndsIt() {
    Requirement asked = asked(Habit.STAYS);

    desk.after(Duration.ofHours(9));

    assertThat(now(asked).status()).isEqualTo(RequirementStatus.EXPIRED);
    assertThat(escalations()).as("it came too late for anybody").isEmpty();
    assertThat(desk.store.timers(Desk.TENANT, desk.clock.instant().plus(Duration.ofDays(9)), 10))
        .isEmpty();
    assertThat(done).isEmpty();
  }

  @Test
  void whatIsDecidedIsNotEscalated() {
    Requirement asked = asked(Habit.STAYS);
    desk.saysAs(FIN, asked, Verdict.REJECT, null, null);
    desk.completes(asked.run());

    desk.after(Duration.ofHours(5));

    assertThat(escalations()).isEmpty();
    assertThat(desk.store.timers(Desk.TENANT, desk.clock.instant().plus(Duration.ofDays(9)), 10))
        .isEmpty();
  }

  @Test
  @Tag("A2")
  void theResponderOfARungIsAskedWhenItBeginsAndNotBefore() {
    List<String> shown = new CopyOnWriteArrayList<>();
    Requirement asked =
        asked(
            Habit.STAYS,
            builder ->
                builder.responder(
                    HEAD,
                    Responder.of(
                        question -> {
                          shown.add(question.id().value());
                          return Reply.approve();
                        })));
    desk.after(Duration.ofHours(3));
    assertThat(shown).isEmpty();

    desk.after(Duration.ofHours(1));

    RunResult result = desk.assent.resume(asked.run());
    assertThat(result).isInstanceOf(RunResult.Completed.class);
    assertThat(shown).containsExactly(asked.id().value());
    assertThat(done).containsExactly("paid 5");
  }

  @Test
  @Tag("X25")
  void aTimerThatSomebodyPutForwardEscalatesNothing() {
    Requirement asked = asked(Habit.STAYS);
    desk.store.commit(
        Desk.TENANT,
        List.of(
            new dev.assent.core.spi.Write.StartTimer(
                asked.id(), "escalation", desk.clock.instant())));

    desk.after(Duration.ofMinutes(1));

    assertThat(escalations()).isEmpty();
    assertThat(refused(HEAD, asked)).isInstanceOf(WhyNot.NotYet.class);
    desk.after(Duration.ofHours(4));
    assertThat(escalations()).hasSize(1);
  }

  @Test
  void anEditKeepsTheTimesAndTheNextOnesDecideWhatItMade() {
    Requirement asked = asked(Habit.RESTARTS);
    desk.after(Duration.ofHours(4));
    desk.saysAs(FIN, asked, Verdict.EDIT, "{\"amount\":4}", null);

    Requirement edited = desk.waitsFor(asked.run(), RequirementKind.APPROVAL);
    assertThat(edited.version()).isEqualTo(2);
    assertThat(desk.saysAs(HEAD, edited, Verdict.APPROVE, null, null))
        .isInstanceOf(DecisionOutcome.Recorded.class);

    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
    assertThat(done).containsExactly("paid 4");
  }
}
