package dev.assent.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Reasons;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConsoleResponderTest {
  private final TestingTty tty = new TestingTty();
  private final Deque<Integer> waiting = new ArrayDeque<>();
  private final ConsoleResponder responder =
      new ConsoleResponder(
          tty,
          tty,
          new Seat(Principal.person("berta"), Profile.SOLO),
          () -> waiting.isEmpty() ? 1 : waiting.remove());

  private Optional<DecisionRequest> ask(TestingCards card) {
    return responder.ask(card.card(), () -> false);
  }

  private Optional<Verdict> verdict(TestingCards card) {
    return ask(card).map(DecisionRequest::verdict);
  }

  @Nested
  class Answers {
    @Test
    void yApprovesTheVersionAndDigestThatWereShown() {
      tty.press("y");

      DecisionRequest answer = ask(TestingCards.PAY).orElseThrow();

      assertThat(answer.verdict()).isEqualTo(Verdict.APPROVE);
      assertThat(answer.version()).isEqualTo(3);
      assertThat(answer.digest()).isEqualTo(TestingCards.digest("c1"));
      assertThat(answer.idempotencyKey()).startsWith("console-").hasSize(44);
      assertThat(answer.words()).isNull();
      assertThat(tty.screen()).endsWith("Your answer: yes, once.\n");
      assertThat(tty.isRaw()).isFalse();
    }

    @Test
    void eachAnswerHasAKeyOfItsOwn() {
      tty.press("yy");

      assertThat(ask(TestingCards.PAY).orElseThrow().idempotencyKey())
          .isNotEqualTo(ask(TestingCards.PAY).orElseThrow().idempotencyKey());
    }

    @Test
    void nRejects() {
      tty.press("n");

      assertThat(verdict(TestingCards.PAY)).contains(Verdict.REJECT);
    }

    @Test
    void rRejectsWithTheReasonThatIsTyped() {
      tty.press("r").key(TestingTty.PAUSE, 'x').type("\u007Ftoo muchh\bé\r");

      DecisionRequest answer = ask(TestingCards.PAY).orElseThrow();

      assertThat(answer.verdict()).isEqualTo(Verdict.REJECT);
      assertThat(answer.words()).isEqualTo("too muché");
    }

    @Test
    void whereTheRulesNameReasonsOneOfThemIsTypedByNameOrNumber() {
      TestingCards asking =
          TestingCards.PAY.reasons(Reasons.ofRejection("fraud", "late").andOfApproval());
      tty.press("n").press("m").type("ood\r").press("n").press("2").type("\r");

      DecisionRequest no = ask(asking).orElseThrow();

      assertThat(no.verdict()).isEqualTo(Verdict.REJECT);
      assertThat(no.reasonCode()).isEqualTo("late");
      assertThat(tty.screen())
          .contains("rejecting needs a reason: fraud, late")
          .contains("1 fraud, 2 late")
          .contains("That is no reason that the rules name; nothing was sent.");

      tty.press("y").press("i").type("t is right\r").hangUp();
      DecisionRequest yes = ask(asking).orElseThrow();

      assertThat(yes.verdict()).isEqualTo(Verdict.APPROVE);
      assertThat(yes.words()).isEqualTo("it is right");
      assertThat(yes.reasonCode()).isNull();
    }

    @Test
    void anEmptyReasonSendsNothing() {
      tty.press("r").press("\r").press("r\u001b").hangUp();

      assertThat(ask(TestingCards.PAY)).isEmpty();
      assertThat(tty.screen()).contains("nothing was sent");
    }

    @Test
    void detailsAndHelpAnswerNothing() {
      tty.press("d?n");

      assertThat(verdict(TestingCards.PAY)).contains(Verdict.REJECT);
      assertThat(tty.screen())
          .contains(TestingCards.PAY.arguments().replace("\u202E", "<U+202E>"))
          .contains(TestingCards.digest("c1").hex())
          .contains("payments need finance")
          .contains("role finance")
          .contains("approve this one call, exactly as shown");
    }

    @Test
    void whatIsClosedIsNotShown() {
      assertThat(ask(TestingCards.PAY.status(RequirementStatus.EXPIRED))).isEmpty();
      assertThat(tty.screen()).isEmpty();
    }
  }

  @Nested
  class NothingButY {
    static IntStream everyOtherKey() {
      return IntStream.concat(
          IntStream.rangeClosed(0, 127).filter(key -> key != 'y' && key != 'Y'),
          IntStream.of(0xFF, 0xFD, 0x443, 0xFF59, 0x1F600));
    }

    @Tag("A5")
    @ParameterizedTest
    @MethodSource("everyOtherKey")
    void noOtherKeyApproves(int key) {
      tty.key(TestingTty.PAUSE, key).hangUp();

      assertThat(verdict(TestingCards.PAY)).isNotEqualTo(Optional.of(Verdict.APPROVE));
    }

    @Tag("D4")
    @Test
    void enterDoesNothing() {
      tty.press("\r\n\r\r").press("n");

      assertThat(verdict(TestingCards.PAY)).contains(Verdict.REJECT);
      assertThat(tty.screen()).doesNotContain("That key does nothing");
    }

    @Test
    void anUnknownKeyIsHintedAtOnce() {
      tty.press("qqqqn");

      assertThat(verdict(TestingCards.PAY)).contains(Verdict.REJECT);
      assertThat(tty.screen()).containsOnlyOnce("That key does nothing here");
    }

    @Test
    void theEndOfTheInputAndLeavingAreNoAnswer() {
      for (String key : List.of("\u0003", "\u0004", "")) {
        TestingTty gone = new TestingTty().press(key).hangUp();
        ConsoleResponder there =
            new ConsoleResponder(gone, gone, new Seat(null, Profile.SOLO), () -> 1);

        assertThat(there.ask(TestingCards.PAY.card(), () -> false)).isEmpty();
        assertThat(gone.screen()).contains("still waits");
        assertThat(gone.isRaw()).isFalse();
      }
    }

    @Test
    void leavingAHalfTypedLineIsNoAnswer() {
      tty.press("r").press("no!").press("\u0004");

      assertThat(ask(TestingCards.PAY)).isEmpty();
    }

    @Test
    void arrowsAndKeypadKeysThatEndInAnAnswerAreNone() {
      tty.key(TestingTty.PAUSE, 27).type("Oy").key(TestingTty.PAUSE, 27).type("y");
      tty.key(TestingTty.PAUSE, 27).type("[1;2y").hangUp();

      assertThat(ask(TestingCards.PAY)).isEmpty();
    }
  }

  @Nested
  class HighRisk {
    private final TestingCards high = TestingCards.PAY.risk(Risk.HIGH);

    @Tag("B18")
    @Test
    void yAloneDoesNotApprove() {
      tty.press("y").hangUp();

      assertThat(ask(high)).isEmpty();
    }

    @Tag("B18")
    @Test
    void theToolsNameApproves() {
      tty.press("y").key(TestingTty.PAUSE, 'p').type("ay_invoice\r");

      DecisionRequest answer = ask(high).orElseThrow();

      assertThat(answer.verdict()).isEqualTo(Verdict.APPROVE);
      assertThat(answer.typed()).isEqualTo("pay_invoice");
    }

    @Test
    void anythingElseDoesNothing() {
      for (String typed : List.of("y", "yes", "", "PAY_INVOICE", "pay_invoice2")) {
        tty.press("y").key(TestingTty.PAUSE, ' ').type(typed + "\r");
      }
      tty.press("n");

      assertThat(verdict(high)).contains(Verdict.REJECT);
      assertThat(tty.screen()).contains("That is not the tool's name; nothing was sent.");
    }
  }

  @Nested
  class Reconciliation {
    private final TestingCards doubt = TestingCards.PAY.kind(RequirementKind.RECONCILIATION);

    @Test
    void itHappenedWithThisResult() {
      tty.press("h").press("paid 12000").press("\r");

      DecisionRequest answer = ask(doubt).orElseThrow();

      assertThat(answer.verdict()).isEqualTo(Verdict.HAPPENED);
      assertThat(answer.words()).isEqualTo("paid 12000");
    }

    @Test
    void itDidNotHappen() {
      tty.press("x");

      assertThat(verdict(doubt)).contains(Verdict.DID_NOT_HAPPEN);
    }

    @Test
    void nobodyWillFindOut() {
      tty.press("g");

      assertThat(verdict(doubt)).contains(Verdict.GIVE_UP);
    }

    @Test
    void keysOfAnApprovalDoNothing() {
      tty.press("ynr").hangUp();

      assertThat(ask(doubt)).isEmpty();
      assertThat(tty.screen()).contains("nobody knows whether it happened").doesNotContain("[y]es");
    }

    @Test
    void ofHighRiskTheNameIsTypedBeforeItMayRunAgain() {
      tty.press("x").press("pay_invoice\r");

      assertThat(ask(doubt.risk(Risk.HIGH)).orElseThrow().typed()).isEqualTo("pay_invoice");
    }
  }

  @Nested
  class ManyRequests {
    @Tag("X50")
    @Test
    void allAreShownInOrderAndCounted() {
      waiting.addAll(List.of(3, 2, 1, 1));
      tty.press("ynyn");

      assertThat(verdict(TestingCards.PAY.named("c1"))).contains(Verdict.APPROVE);
      assertThat(verdict(TestingCards.PAY.named("c2"))).contains(Verdict.REJECT);
      assertThat(verdict(TestingCards.PAY.named("c3"))).contains(Verdict.APPROVE);
      assertThat(tty.screen()).containsSubsequence("1 of 3", "2 of 3", "3 of 3");
      int before = tty.screen().length();
      assertThat(verdict(TestingCards.PAY.named("c4"))).contains(Verdict.REJECT);
      assertThat(tty.screen().substring(before)).doesNotContain(" of ");
    }

    /** The answer names what was on the screen. */
    @Tag("X15")
    @Test
    void anAnswerBelongsToTheCardThatWasShown() {
      tty.press("yy");

      assertThat(ask(TestingCards.PAY.named("c1")).orElseThrow().digest())
          .isEqualTo(TestingCards.digest("c1"));
      assertThat(ask(TestingCards.PAY.named("c2")).orElseThrow().digest())
          .isEqualTo(TestingCards.digest("c2"));
    }

    @Test
    void whatWasPassedOverIsCountedOnce() {
      waiting.addAll(List.of(3, 3, 2));
      tty.press("\u0004nn");

      ask(TestingCards.PAY);
      ask(TestingCards.PAY);
      ask(TestingCards.PAY);

      assertThat(tty.screen()).containsSubsequence("1 of 3", "2 of 3", "3 of 3");
    }
  }
}
