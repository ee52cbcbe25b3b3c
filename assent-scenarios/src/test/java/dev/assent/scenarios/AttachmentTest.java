package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Attachment;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Pinned;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.runtime.Attached;
import dev.assent.runtime.Previewed;
import dev.assent.runtime.Reveal;
import dev.assent.runtime.RuntimeFailure;
import dev.assent.scenarios.Desk.Habit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A tool attaches documents to what is approved: the approval covers their bytes. */
@Timeout(60)
class AttachmentTest {
  private static final String ARGUMENTS = "{\"to\":\"Acme\"}";
  private static final String PLANTED = "planted-7c1f-invoice-body";

  @TempDir Path folder;
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private volatile byte[] invoice = PLANTED.getBytes(StandardCharsets.UTF_8);
  private volatile int files = 1;
  private volatile String type = "text/plain";
  private volatile Previewed kept;
  private Desk desk;

  class Letters {
    @RequiresApproval
    @Tool(value = "Sends an invoice", preview = "shown")
    String send(String to) {
      sent.add(to + " " + new String(invoice, StandardCharsets.UTF_8));
      return "sent";
    }

    Previewed shown(String to) {
      Previewed seen = Previewed.of("Sends the invoice to " + to);
      for (int i = 1; i <= files; i++) {
        seen = seen.attach("invoice " + i + ".txt", type, invoice);
      }
      kept = seen;
      return seen;
    }

    @RequiresApproval(risk = Risk.HIGH)
    @Tool(value = "Sends it to everybody", preview = "shown")
    String publish(String to) {
      return send(to);
    }
  }

  private void desk(Habit habit) {
    desk = new Desk(habit, folder, agent -> agent.tools(new Letters()));
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private Requirement asked() {
    desk.model.calls(call("send", ARGUMENTS)).says("Done.");
    return desk.waitsFor(desk.run("Send it"), RequirementKind.APPROVAL);
  }

  private List<Attachment> attachments(Requirement of) {
    return Objects.requireNonNull(desk.assent.card(of.id()).orElseThrow().pinned()).attachments();
  }

  private byte[] bytes(RequirementId id, int number) {
    return desk.assent.attachment(id, number, Desk.ADA).map(Attached::content).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  void theCardSaysWhatIsAttachedAndPeopleCanHaveIt(Habit habit) {
    desk(habit);
    files = 2;

    Requirement asked = asked();

    assertThat(attachments(asked))
        .extracting(Attachment::name)
        .containsExactly("invoice 1.txt", "invoice 2.txt");
    Attachment first = attachments(asked).getFirst();
    assertThat(first.size()).isEqualTo(invoice.length);
    assertThat(first.mediaType()).isEqualTo("text/plain");
    assertThat(first.hash()).isEqualTo(Digest.sha256(invoice));
    assertThat(bytes(asked.id(), 2)).isEqualTo(invoice);
    assertThat(desk.assent.attachment(asked.id(), 3, Desk.ADA)).isEmpty();
    assertThat(desk.assent.attachment(asked.id(), 0, Desk.ADA)).isEmpty();
    assertThat(desk.assent.sights(asked.id()))
        .as("who had it is written down as who saw the card")
        .anySatisfy(sight -> assertThat(sight.principal()).isEqualTo("ada"));

    desk.answers(asked, Verdict.APPROVE, null);
    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
    assertThat(sent).containsExactly("Acme " + PLANTED);
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  @Tag("X12")
  void anotherDocumentThanWasApprovedIsAskedAgain(Habit habit) {
    desk(habit);
    Requirement asked = asked();
    Digest before = asked.digest();
    invoice = "another invoice".getBytes(StandardCharsets.UTF_8);

    desk.answers(asked, Verdict.APPROVE, null);
    Requirement again = desk.waitsFor(asked.run(), RequirementKind.APPROVAL);

    assertThat(sent).isEmpty();
    assertThat(again.version()).isEqualTo(2);
    assertThat(again.digest()).isNotEqualTo(before);
    assertThat(bytes(again.id(), 1)).isEqualTo(invoice);
    desk.answers(again, Verdict.APPROVE, null);
    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
    assertThat(sent).containsExactly("Acme another invoice");
  }

  private Attached had(Requirement of, Principal by) {
    return desk.assent.attachment(of.id(), 1, by).orElseThrow();
  }

  private void reveals(Requirement asked) {
    assertThat(desk.assent.reveal(asked.id(), Desk.ADA)).isInstanceOf(Reveal.Shown.class);
  }

  @Test
  @Tag("X72")
  void secretsInATextAreHiddenUntilWhoDecidesHasThemRevealed() {
    desk(Habit.STAYS);
    type = "application/json";
    invoice = "{\"iban\":\"DE1\",\"api_key\":\"planted-key-1\"}\n".getBytes(StandardCharsets.UTF_8);
    Requirement asked = asked();

    for (Principal each : List.of(Desk.ADA, Principal.person("visitor"))) {
      Attached given = had(asked, each);
      assertThat(given.whole()).isFalse();
      assertThat(new String(given.content(), StandardCharsets.UTF_8))
          .contains("DE1", "[secret: ")
          .doesNotContain("planted-key-1");
    }
    reveals(asked);

    assertThat(had(asked, Desk.ADA).content()).isEqualTo(invoice);
    assertThat(had(asked, Desk.ADA).whole()).isTrue();
    assertThat(had(asked, Principal.person("visitor")).whole()).isFalse();
    desk.answers(asked, Verdict.REJECT, null);
    assertThat(had(asked, Desk.ADA).whole()).as("it is closed").isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/pdf", "text/plain"})
  void whatIsNoTextIsGivenToWhoDecidesAndHadItRevealed(String called) {
    desk(Habit.STAYS);
    type = called;
    invoice = new byte[] {'%', 'P', 'D', 'F', (byte) 0xff, (byte) 0xfe};
    Requirement asked = asked();

    assertThatThrownBy(() -> had(asked, Principal.service("robot")))
        .isInstanceOfSatisfying(
            RuntimeFailure.class, no -> assertThat(no.code()).isEqualTo("not-entitled"));
    assertThatThrownBy(() -> had(asked, Desk.ADA))
        .isInstanceOfSatisfying(
            RuntimeFailure.class, no -> assertThat(no.code()).isEqualTo("reveal-required"));
    reveals(asked);

    assertThat(had(asked, Desk.ADA).content()).isEqualTo(invoice);
    desk.answers(asked, Verdict.REJECT, null);
    assertThatThrownBy(() -> had(asked, Desk.ADA))
        .isInstanceOfSatisfying(
            RuntimeFailure.class, no -> assertThat(no.code()).isEqualTo("not-entitled"));
  }

  @Test
  @Tag("B18")
  void aDocumentOfTheHighestRiskIsNotApprovedUnrevealed() {
    desk(Habit.STAYS);
    desk.model.calls(call("publish", ARGUMENTS)).says("Done.");
    Requirement asked = desk.waitsFor(desk.run("Send it"), RequirementKind.APPROVAL);
    DecisionRequest yes =
        new DecisionRequest(
            asked.version(), asked.digest(), Verdict.APPROVE, null, "publish", "typed");

    assertThat(desk.assent.decide(asked.id(), yes, Desk.ADA))
        .isInstanceOfSatisfying(
            DecisionOutcome.Invalid.class,
            no -> assertThat(no.code()).isEqualTo("reveal-required"));
    reveals(asked);

    assertThat(desk.assent.decide(asked.id(), yes, Desk.ADA))
        .isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
  }

  @Test
  @Tag("X45")
  void requestsWithOtherDocumentsAreNotAnsweredInOneAct() {
    desk(Habit.STAYS);
    for (int i = 0; i < 3; i++) {
      desk.model.calls(call("send", ARGUMENTS));
    }
    Requirement one = desk.waitsFor(desk.run("Send it"), RequirementKind.APPROVAL);
    Requirement same = desk.waitsFor(desk.run("Send it"), RequirementKind.APPROVAL);
    invoice = "another invoice".getBytes(StandardCharsets.UTF_8);
    Requirement other = desk.waitsFor(desk.run("Send it"), RequirementKind.APPROVAL);

    assertThat(desk.assent.alike(one)).extracting(Requirement::id).containsExactly(same.id());
    assertThat(desk.assent.alike(other)).isEmpty();
  }

  @Test
  @Tag("X72")
  void whatIsAttachedCannotBeChangedAnyMore() {
    desk(Habit.STAYS);
    Requirement asked = asked();

    kept.attachments().getFirst().content()[0] = 'X';

    assertThat(kept.attachments().getFirst().content()).isEqualTo(invoice);
    assertThat(bytes(asked.id(), 1)).isEqualTo(invoice);
  }

  @Test // rule 1: the hash is in the digest, not only beside it
  void theDigestOfTheSameCallWithAnotherDocumentIsAnother() {
    Digest one = Pinned.of("same", null, List.of(file("a"))).pin();
    Digest other = Pinned.of("same", null, List.of(file("b"))).pin();
    Digest none = Pinned.of("same", null).pin();

    assertThat(Stream.of(one, other, none).distinct()).hasSize(3);
  }

  private static Attachment file(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new Attachment(
        "f",
        "text/plain",
        bytes.length,
        Digest.sha256(bytes),
        new BodyRef(new BodyId("x"), Digest.sha256(bytes)));
  }

  @Test
  @Tag("X72")
  void theBytesAreEncryptedInTheDatabase() throws IOException {
    desk(Habit.STAYS);
    Requirement asked = asked();
    assertThat(new String(bytes(asked.id(), 1), StandardCharsets.UTF_8)).isEqualTo(PLANTED);
    desk.restart();

    int looked = 0;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        looked++;
        assertThat(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1))
            .as(each.toString())
            .doesNotContain(PLANTED, "invoice 1.txt");
      }
    }
    assertThat(looked).isPositive();
  }

  @Test
  void erasingTheSessionErasesThem() {
    desk(Habit.STAYS);
    Requirement asked = asked();
    desk.answers(asked, Verdict.REJECT, null);
    desk.completes(asked.run());
    assertThat(bytes(asked.id(), 1)).isEqualTo(invoice);

    assertThat(desk.assent.erase(asked.session(), Desk.ADA)).isEmpty();

    assertThat(desk.assent.attachment(asked.id(), 1, Desk.ADA)).isEmpty();
  }

  @Test
  void anEditIsLookedAtAnewBeforeItRuns() {
    desk(Habit.STAYS);
    Requirement asked = asked();
    desk.answers(asked, Verdict.EDIT, "{\"to\":\"Bob\"}");

    Requirement again = desk.waitsFor(asked.run(), RequirementKind.APPROVAL);

    assertThat(attachments(again)).hasSize(1);
    assertThat(sent).isEmpty();
  }

  @Test
  void theAgentsAnswerToAQuestionIsLookedAtAnew() {
    desk(Habit.STAYS);
    desk.model
        .calls(call("send", ARGUMENTS))
        .replies("To Bob then.", call("send", "{\"to\":\"Bob\"}"))
        .says("Done.");
    RunId run = desk.run("Send it");
    Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);

    desk.says(asked, Verdict.ASK_BACK, null, "Bob?");
    Requirement again = desk.waitsFor(run, RequirementKind.APPROVAL);

    assertThat(attachments(again)).hasSize(1);
    assertThat(desk.assent.card(again.id()).orElseThrow().pinned().preview())
        .isEqualTo("Sends the invoice to Bob");
    desk.answers(again, Verdict.APPROVE, null);
    assertThat(desk.completes(run)).isEqualTo("Done.");
    assertThat(sent).containsExactly("Bob " + PLANTED);
  }

  @Test
  void tooManyGoBackToTheModelWithAClearError() {
    desk(Habit.STAYS);
    files = Previewed.MOST_ATTACHMENTS + 1;
    desk.model.calls(call("send", ARGUMENTS)).says("I see.");

    assertThat(desk.completes(desk.run("Send it"))).isEqualTo("I see.");

    assertThat(desk.told()).contains("11 attachments, at most 10");
    assertThat(sent).isEmpty();
  }

  @Test
  void whatCannotBeKeptIsNamed() {
    Previewed seen = Previewed.of("x");

    assertThatThrownBy(() -> seen.attach("big", "text/plain", new byte[Previewed.MOST_BYTES + 1]))
        .hasMessageContaining("5000001 bytes, at most 5000000");
    assertThatThrownBy(() -> seen.attach("../x", "text/plain", new byte[0]))
        .hasMessageContaining("no path");
    assertThatThrownBy(() -> seen.attach("x\n", "text/plain", new byte[0]))
        .hasMessageContaining("no path");
    assertThatThrownBy(() -> seen.attach("x", "text/plain; boundary=\"", new byte[0]))
        .hasMessageContaining("no media type");
  }
}
