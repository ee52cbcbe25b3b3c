package dev.assent.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Risk;
import dev.assent.core.SafeText;
import dev.assent.core.Verdict;
import dev.assent.runtime.Reveal;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is secret is not on the screen before somebody asks for it. */
@Tag("X72")
class HiddenOnScreenTest {
  private static final String KEY = "AKIA" + "QYLPMN5HNM4ABCDE";
  private static final TestingCards CARD =
      TestingCards.PAY
          .arguments("{\"amount\":1,\"vendor\":\"" + KEY + "\"}")
          .words("I use " + KEY + " for it.");

  private final TestingTty tty = new TestingTty();
  private final AtomicInteger asked = new AtomicInteger();

  private ConsoleResponder responder() {
    return new ConsoleResponder(
        tty, tty, new Seat(Principal.person("berta"), Profile.SOLO), () -> 1);
  }

  private Question question(Reveal answer) {
    return new Question(
        tty,
        new Keys(tty, tty, () -> false),
        CARD.risk(Risk.HIGH).card(),
        new EditDraft(),
        null,
        () -> {
          asked.incrementAndGet();
          return answer;
        },
        true);
  }

  private Verdict verdict(Question question) throws Exception {
    Seat seat = new Seat(Principal.person("berta"), Profile.SOLO);
    Typesetter set = new Typesetter(tty.columns(), tty.ascii());
    try (Tty.Raw raw = tty.raw()) {
      return question
          .ask(CardText.of(CARD.risk(Risk.HIGH).card(), seat, null, "", tty.instant(), set))
          .verdict();
    }
  }

  @Test
  void secretIsNamedByKindAndLength() {
    tty.press("n");

    assertThat(responder().ask(CARD.card(), () -> false)).isPresent();

    assertThat(tty.screen())
        .doesNotContain(KEY)
        .contains("vendor    [secret: AWS access key, 20 characters]")
        .contains("I use [secret: AWS access key, 20 characters] for it.");
  }

  @Test
  void dShowsItOnceItIsWrittenDown() throws Exception {
    tty.press("ydy").key(TestingTty.PAUSE, 'p').type("ay_invoice\r").hangUp();

    Verdict verdict = verdict(question(new Reveal.Shown(CARD.risk(Risk.HIGH).card().revealed())));

    assertThat(verdict).isEqualTo(Verdict.APPROVE);
    assertThat(asked).hasValue(1);
    assertThat(tty.screen()).contains("press d to be shown it").contains(KEY);
  }

  @Test
  void whoIsRefusedSeesWhyAndNothingElse() throws Exception {
    tty.press("dyn").hangUp();

    assertThat(verdict(question(new Reveal.Refused("You asked for it.\u001b"))))
        .isEqualTo(Verdict.REJECT);

    assertThat(tty.screen())
        .contains("What is hidden stays hidden: " + SafeText.of("You asked for it.\u001b"))
        .doesNotContain(KEY);
  }

  @Test
  void nobodyElseWritesTheMark() {
    tty.press("n");
    String forged = "{\"vendor\":\"[secret: AWS access key, 20 characters]\"}";

    assertThat(responder().ask(CARD.arguments(forged).card(), () -> false)).isPresent();

    assertThat(tty.screen()).contains("<U+005B>secret: AWS access key");
  }
}
