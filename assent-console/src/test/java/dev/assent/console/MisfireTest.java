package dev.assent.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys that were not meant for the question on the screen. */
class MisfireTest {
  private final TestingTty tty = new TestingTty();
  private final ConsoleResponder responder =
      new ConsoleResponder(tty, tty, new Seat(Principal.person("berta"), Profile.SOLO), () -> 1);

  private Optional<Verdict> ask(String name) {
    return responder
        .ask(TestingCards.PAY.named(name).card(), () -> false)
        .map(DecisionRequest::verdict);
  }

  @Tag("X49")
  @Nested
  class TypingElsewhere {
    @Test
    void whatWasTypedAheadIsForgotten() {
      tty.key(0, 'y').key(0, '\r').hangUp();

      assertThat(ask("c1")).isEmpty();
      assertThat(tty.unread()).isZero();
    }

    @Test
    void theFirstFourHundredMillisecondsDoNotCount() {
      tty.key(399, 'y').hangUp();

      assertThat(ask("c1")).isEmpty();
    }

    @Test
    void afterThemAKeyCounts() {
      tty.key(450, 'y');

      assertThat(ask("c1")).contains(Verdict.APPROVE);
    }

    @Test
    void aSentenceThatGoesOnIsNoAnswer() {
      for (int i = 0; i < 50; i++) {
        tty.key(200, "yes, ny".charAt(i % 7));
      }
      tty.hangUp();

      assertThat(ask("c1")).isEmpty();
    }

    @Test
    void aPastedTextIsNoAnswer() {
      tty.key(TestingTty.PAUSE, 'y').type("es please\r").hangUp();

      assertThat(ask("c1")).isEmpty();
      assertThat(tty.screen()).contains("press it once, alone");
    }

    @Test
    void enterRightAfterAKeyDoesNotTakeItBack() {
      tty.key(TestingTty.PAUSE, 'y').key(30, '\r');

      assertThat(ask("c1")).contains(Verdict.APPROVE);
    }

    @Test
    void aKeyPressedWhileTheMachineWasBusyIsAsOldAsItIs() {
      TestingTty busy = new TestingTty().key(100, 'y').hangUp();
      AtomicBoolean once = new AtomicBoolean();
      ConsoleResponder there =
          new ConsoleResponder(busy, busy, new Seat(null, Profile.SOLO), () -> 1);

      Optional<DecisionRequest> answer =
          there.ask(
              TestingCards.PAY.card(),
              () -> {
                // The first look after the card was painted.
                if (busy.screen().contains("[y]es") && !once.getAndSet(true)) {
                  busy.stall(5000);
                }
                return false;
              });

      assertThat(answer).isEmpty();
    }
  }

  @Tag("X49")
  @Nested
  class HeldKeys {
    @Test
    void aHeldKeyAnswersNothing() {
      tty.key(TestingTty.PAUSE, 'y');
      for (int i = 0; i < 100; i++) {
        tty.key(33, 'y');
      }
      tty.hangUp();

      assertThat(ask("c1")).isEmpty();
    }

    /** The first repeat may come later than the guard ends. */
    @Test
    void aKeyHeldFromTheOneQuestionDoesNotAnswerTheNext() {
      tty.key(TestingTty.PAUSE, 'y').key(700, 'y');
      for (int i = 0; i < 100; i++) {
        tty.key(33, 'y');
      }
      tty.hangUp();

      assertThat(ask("c1")).contains(Verdict.APPROVE);
      assertThat(ask("c2")).isEmpty();
    }

    @Test
    void afterItIsReleasedTheKeyCountsAgain() {
      tty.key(TestingTty.PAUSE, 'y').key(40, 'y').key(40, 'y').key(TestingTty.PAUSE, 'y');

      assertThat(ask("c1")).contains(Verdict.APPROVE);
    }
  }

  @Tag("X53")
  @Nested
  class Withdrawn {
    private final AtomicBoolean gone = new AtomicBoolean();

    private Optional<DecisionRequest> askAndLose(String name) {
      return responder.ask(TestingCards.PAY.named(name).card(), gone::get);
    }

    private int lose(int key) {
      gone.set(true);
      return key;
    }

    @Test
    void itsPromptIsTakenBack() {
      tty.key(TestingTty.PAUSE, () -> lose('q'));

      assertThat(askAndLose("c1")).isEmpty();
      assertThat(tty.screen()).contains("Answered elsewhere or closed");
      assertThat(tty.isRaw()).isFalse();
    }

    @Test
    void anAnswerThatComesTooLateIsNotSent() {
      tty.key(TestingTty.PAUSE, () -> lose('y'));

      assertThat(askAndLose("c1")).isEmpty();
    }

    @Test
    void aHalfTypedReasonIsNotSent() {
      tty.press("r").key(TestingTty.PAUSE, () -> lose('w')).type("rong\r");

      assertThat(askAndLose("c1")).isEmpty();
    }

    @Test
    void noKeyOfItAnswersTheNext() {
      tty.key(TestingTty.PAUSE, () -> lose('q')).key(30, 'y').key(TestingTty.PAUSE, 'n');

      assertThat(askAndLose("c1")).isEmpty();
      assertThat(ask("c2")).contains(Verdict.REJECT);
    }

    @Test
    void theNextOneGetsItsOwnKeys() {
      tty.key(TestingTty.PAUSE, () -> lose('q')).key(TestingTty.PAUSE, 'y');

      assertThat(askAndLose("c1")).isEmpty();
      assertThat(ask("c2")).contains(Verdict.APPROVE);
      assertThat(tty.unread()).isZero();
    }

    @Test
    void twoOnOneTerminalDoNotShareItsKeys() throws InterruptedException {
      tty.press("y");
      AtomicInteger looks = new AtomicInteger();
      List<Optional<DecisionRequest>> answers = new ArrayList<>();
      tty.turn().lock();

      Thread other =
          Thread.ofPlatform()
              .start(
                  () ->
                      answers.add(
                          responder.ask(
                              TestingCards.PAY.card(), () -> looks.incrementAndGet() > 1)));
      other.join();
      tty.turn().unlock();

      assertThat(answers).containsExactly(Optional.empty());
      assertThat(tty.screen()).isEmpty();
      assertThat(tty.unread()).isOne();
    }

    @Test
    void whatWasWithdrawnBeforeIsNotShown() {
      gone.set(true);

      assertThat(askAndLose("c1")).isEmpty();
      assertThat(tty.screen()).isEmpty();
    }
  }
}
