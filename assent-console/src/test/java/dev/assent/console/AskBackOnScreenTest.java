package dev.assent.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Attachment;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Pinned;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import dev.assent.runtime.RequirementCard;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a card says of a call beside its arguments, and the key that asks the agent back. */
@Timeout(20)
class AskBackOnScreenTest {
  private final TestingTty tty = new TestingTty();
  private final ConsoleResponder responder =
      new ConsoleResponder(tty, tty, new Seat(Principal.person("berta"), Profile.SOLO), () -> 1);

  private static RequirementCard card(
      @Nullable String summary,
      List<RequirementCard.CardRound> rounds,
      @Nullable String noAskingBack,
      @Nullable Pinned pinned) {
    RequirementCard card = TestingCards.PAY.card();
    Requirement asked = card.requirement();
    ApprovalTerms terms =
        asked
            .terms()
            .of(asked.terms().rule(), asked.terms().risk(), asked.terms().message(), summary);
    return new RequirementCard(
        asked.askedAgain(
            asked.version(), asked.digest(), terms, asked.deadline(), true, asked.createdAt()),
        card.arguments(),
        card.summary(),
        card.words(),
        card.decisions(),
        card.approvals(),
        card.needed(),
        card.call(),
        card.runStatus(),
        card.resultText(),
        card.effectKey(),
        card.requester(),
        card.form(),
        card.output(),
        card.looks(),
        card.proposed(),
        card.progress(),
        pinned,
        card.redaction(),
        rounds,
        noAskingBack);
  }

  private Optional<DecisionRequest> ask(RequirementCard card) {
    return responder.ask(card, () -> false);
  }

  @Test
  void theAgentIsAskedBackByAKeyAndALine() {
    tty.press("b").press("W").type("hy so much?\r").hangUp();

    DecisionRequest said = ask(card(null, List.of(), null, null)).orElseThrow();

    assertThat(said.verdict()).isEqualTo(Verdict.ASK_BACK);
    assertThat(said.words()).isEqualTo("Why so much?");
    assertThat(tty.screen()).contains("ask [b]ack", "the request stays open");
  }

  @Test
  void whereNobodyCanAnswerTheKeyIsNotOffered() {
    tty.press("by").hangUp();

    DecisionRequest said =
        ask(card(null, List.of(), "it was handed in from outside", null)).orElseThrow();

    assertThat(said.verdict()).isEqualTo(Verdict.APPROVE);
    assertThat(tty.screen()).doesNotContain("ask [b]ack");
  }

  @Test
  void questionsAnswersAndTheDifferenceStandOnTheCard() {
    tty.press("y").hangUp();
    RequirementCard.CardAnswer answer =
        new RequirementCard.CardAnswer(
            "A slip\u202E.", null, TestingTty.START, 3, "{\"amount\":500}", "{\"amount\":50}");

    Optional<DecisionRequest> unused =
        ask(
            card(
                null,
                List.of(
                    new RequirementCard.CardRound("Not 50?", "berta", TestingTty.START, 2, answer),
                    new RequirementCard.CardRound("Sure?", "carl", TestingTty.START, 3, null)),
                null,
                null));

    assertThat(tty.screen())
        .contains("Asked back by berta, version 2: Not 50?")
        .contains("Answer (the agent's words): A slip<U+202E>.")
        .contains("this is version 3")
        .contains("500")
        .contains("Asked back by carl, version 3: Sure?")
        .contains("has not answered yet");
  }

  @Test
  @Tag("C29")
  void aSummaryTheRiskAndTheAgentsWhyStandApart() {
    tty.press("y").hangUp();

    Optional<DecisionRequest> unused =
        ask(card("Pay {amount} for {memo}", List.of(), "nobody", null));

    assertThat(tty.screen())
        .contains("MEDIUM RISK")
        .contains("In short: Pay 12000 for Reimbursement <U+202E>x")
        .contains("Why (the agent's words): It is due.");
  }

  @Test
  void whatIsAttachedIsListedWithSizeAndHash() {
    tty.press("y").hangUp();
    byte[] bytes = "x".getBytes(StandardCharsets.UTF_8);
    Attachment file =
        new Attachment(
            "in\u202Evoice.pdf",
            "application/pdf",
            1,
            Digest.sha256(bytes),
            new BodyRef(new BodyId("b"), Digest.sha256(bytes)));

    Optional<DecisionRequest> unused =
        ask(card(null, List.of(), "nobody", Pinned.of("Pay", null, List.of(file))));

    assertThat(tty.screen().replaceAll("\\s+", ""))
        .contains("Attached,1bytes,SHA-256" + Digest.sha256(bytes).hex())
        .contains("in<U+202E>voice.pdf", "(application/pdf)");
  }
}
