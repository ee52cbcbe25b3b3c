package dev.assent.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Pinned;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.RequirementKind;
import dev.assent.core.Risk;
import dev.assent.core.Verdict;
import dev.assent.runtime.RequirementCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Questions, work outside, looks at outputs, and edits. */
class OtherKindsTest {
  private final TestingTty tty = new TestingTty();
  private final ConsoleResponder responder =
      new ConsoleResponder(tty, tty, new Seat(Principal.person("berta"), Profile.SOLO), () -> 1);

  private static RequirementCard card(
      TestingCards of, @Nullable Form form, @Nullable String output, @Nullable Integer looks) {
    return card(of, form, output, looks, null);
  }

  private static RequirementCard card(
      TestingCards of,
      @Nullable Form form,
      @Nullable String output,
      @Nullable Integer looks,
      @Nullable Pinned pinned) {
    RequirementCard card = of.card();
    return new RequirementCard(
        card.requirement(),
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
        form,
        output,
        looks,
        null,
        card.progress(),
        pinned,
        card.redaction(),
        card.rounds(),
        card.noAskingBack());
  }

  private static RequirementCard question(Form form) {
    return card(TestingCards.PAY.kind(RequirementKind.USER_INPUT), form, null, null);
  }

  private Optional<DecisionRequest> ask(RequirementCard card) {
    return responder.ask(card, () -> false);
  }

  private static FormField field(String name, String schema, boolean required) {
    return new FormField(name, "", (JsonObject) Json.parse(schema), required, false);
  }

  @Test
  @DisplayName("what the call would do is shown, and in the details whether anybody looks again")
  void pinned() {
    tty.press("dy");

    ask(card(TestingCards.PAY, null, null, null, Pinned.of("Pay \u202E12", "balance 3")));

    assertThat(tty.screen())
        .contains("It would: Pay <U+202E>12")
        .contains("Pinned: looked at again")
        .contains("asked again if it changed");
    tty.press("dy");
    ask(card(TestingCards.PAY, null, null, null));
    assertThat(tty.screen()).contains("not pinned");
  }

  @Nested
  class Questions {
    @Test
    void textIsAnswered() {
      tty.press("\r").press("a").press("x").type("\u007Fblue\r");

      DecisionRequest answer = ask(question(Form.text("Which\u202E colour?"))).orElseThrow();

      assertThat(answer.verdict()).isEqualTo(Verdict.ANSWER);
      assertThat(answer.value()).isEqualTo("{\"answer\":\"blue\"}");
      assertThat(answer.digest()).isEqualTo(TestingCards.digest("c1"));
      assertThat(tty.screen()).contains("Which<U+202E> colour?").doesNotContain("\u202E");
    }

    @Test
    @Tag("A1")
    @DisplayName("a secret is not echoed, not even its length")
    void secretIsNotEchoed() {
      tty.press("a").press("h").type("unter2x\u007F\r");

      DecisionRequest answer = ask(question(Form.text("PIN?").asSecret())).orElseThrow();

      assertThat(answer.value()).isEqualTo("{\"answer\":\"hunter2\"}");
      assertThat(tty.written()).doesNotContain("hunter").doesNotContain("*");
      assertThat(tty.screen()).contains("\n > \n").contains("it is not shown");
    }

    @Test
    void yesAndNoAreKeysAndEnterIsNeither() {
      tty.press("\r\ry");
      assertThat(ask(question(Form.confirm("Sure?"))).orElseThrow().value())
          .isEqualTo("{\"answer\":\"yes\"}");

      tty.press("n");
      assertThat(ask(question(Form.confirm("Sure?"))).orElseThrow().value())
          .isEqualTo("{\"answer\":\"no\"}");
    }

    @Test
    @Tag("C4")
    @DisplayName("options are chosen by their number, and by nothing else")
    void optionsAreChosenByNumber() {
      tty.press("a").press("4\r").press("red\r").press("2\r");

      DecisionRequest answer =
          ask(question(Form.choice("Which?", List.of("red", "gre\u200Ben", "blue"), false)))
              .orElseThrow();

      assertThat(answer.value()).isEqualTo("{\"answer\":\"gre\u200Ben\"}");
      assertThat(tty.screen()).contains("2  gre<U+200B>en").contains("from 1 to 3");
    }

    @Test
    void severalOptions() {
      tty.press("a").press("3").type(", 1,3\r");

      assertThat(
              ask(question(Form.choice("Which?", List.of("a", "b", "c"), true)))
                  .orElseThrow()
                  .value())
          .isEqualTo("{\"answer\":[\"c\",\"a\"]}");
    }

    @Test
    @Tag("C2")
    @Tag("X48")
    @DisplayName("fields come one by one, numbers keep their digits")
    void fieldsComeOneByOne() {
      Form form =
          Form.fields(
              "Who travels?",
              List.of(
                  field("name", "{\"type\":\"string\",\"default\":\"Dana\"}", true),
                  field("seats", "{\"type\":\"integer\"}", true),
                  field("window", "{\"type\":\"boolean\"}", true),
                  field("note", "{\"type\":\"string\"}", false),
                  field("class", "{\"enum\":[1,2]}", true),
                  field("more", "{\"type\":\"object\"}", false)));
      tty.press("a").press("\r");
      tty.press("many\r").press("\r").press("9").type("007199254740993\r");
      tty.press("maybe\r").press("no\r").press("\r").press("2\r").press("{").type("\"a\":1}\r");

      DecisionRequest answer = ask(question(form)).orElseThrow();

      assertThat(answer.value())
          .isEqualTo(
              "{\"class\":2,\"more\":{\"a\":1},\"name\":\"Dana\",\"seats\":9007199254740993,"
                  + "\"window\":false}");
      assertThat(tty.screen())
          .contains("That is no number", "This is needed", "Type yes or no", "keeps Dana");
    }

    @Test
    void escapeGoesBackAndNobodyHasToAnswer() {
      tty.press("a").press("b").type("l\u001b").press("l");

      DecisionRequest answer = ask(question(Form.text("Well?"))).orElseThrow();

      assertThat(answer.verdict()).isEqualTo(Verdict.DECLINE);
      assertThat(answer.value()).isNull();
    }

    @Test
    void whatWasErasedCanOnlyBeDeclined() {
      tty.press("a").press("l");

      RequirementCard erased =
          card(TestingCards.PAY.kind(RequirementKind.USER_INPUT), null, null, null);

      assertThat(ask(erased).orElseThrow().verdict()).isEqualTo(Verdict.DECLINE);
      assertThat(tty.screen()).contains("was erased");
    }

    @Test
    @Tag("X50")
    @DisplayName("no terminal, no answer")
    void withoutATerminalNothingIsAnswered() {
      tty.whyNot = "standard input is not a terminal";
      tty.press("y");

      assertThat(ask(question(Form.confirm("Sure?")))).isEmpty();
      assertThat(tty.unread()).isEqualTo(1);
    }

    @Test
    @Tag("X49")
    @DisplayName("a key that was typed ahead answers nothing")
    void typedAheadAnswersNothing() {
      tty.key(0, 'y').key(100, 'y').hangUp();

      assertThat(ask(question(Form.confirm("Sure?")))).isEmpty();
    }
  }

  @Nested
  class OutsideAndReview {
    private RequirementCard outside() {
      return TestingCards.PAY.kind(RequirementKind.EXTERNAL_EXECUTION).card();
    }

    private RequirementCard output(String text, int looks) {
      return card(TestingCards.PAY.kind(RequirementKind.REVIEW), null, text, looks);
    }

    @Test
    @Tag("C5")
    @DisplayName("take it, bring the result, or say that it failed")
    void callsOutside() {
      tty.press("t");
      assertThat(ask(outside()).orElseThrow().verdict()).isEqualTo(Verdict.TAKE);
      tty.press("r").press("d").type("one\r");
      DecisionRequest result = ask(outside()).orElseThrow();
      assertThat(result.verdict()).isEqualTo(Verdict.RESULT);
      assertThat(result.value()).isEqualTo("done");
      tty.press("f").press("n").type("o disk\r");
      DecisionRequest failure = ask(outside()).orElseThrow();
      assertThat(failure.verdict()).isEqualTo(Verdict.FAILURE);
      assertThat(failure.words()).isEqualTo("no disk");
      assertThat(tty.screen()).contains("to be executed outside", "12000");
    }

    @Test
    void outputIsAcceptedReplacedOrSentBack() {
      tty.press("a");
      assertThat(ask(output("All\u202E well", 2)).orElseThrow().verdict())
          .isEqualTo(Verdict.ACCEPT);
      tty.press("r").press("B").type("etter\r");
      assertThat(ask(output("x", 2)).orElseThrow().value()).isEqualTo("Better");
      tty.press("c").press("s").type("horter\r");
      assertThat(ask(output("x", 2)).orElseThrow().words()).isEqualTo("shorter");
      tty.press("c").press("a");
      assertThat(ask(output("x", 0)).orElseThrow().verdict()).isEqualTo(Verdict.ACCEPT);
      assertThat(tty.screen()).contains("All<U+202E> well");
    }

    @Test
    @Tag("X45")
    @DisplayName("what was not shown whole is not accepted")
    void longOutputIsShownWhole() {
      tty.rows = 10;
      tty.press("a").hangUp();

      assertThat(ask(output("line\n".repeat(100), 2))).isEmpty();
      assertThat(tty.screen()).contains("Not all of it has been shown");
    }
  }

  @Nested
  class Edits {
    @Test
    @Tag("X48")
    @DisplayName("the difference is shown and asked about; the neighbour keeps its digits")
    void editIsShownAndSent() {
      AtomicReference<String> seen = new AtomicReference<>();
      AtomicReference<Path> where = new AtomicReference<>();
      tty.editor =
          (file, text) -> {
            seen.set(text);
            where.set(file);
            assertThat(permissions(file)).isEqualTo("rw-------");
            assertThat(permissions(file.getParent())).isEqualTo("rwx------");
            return text.replace("Acme Corp", "Beta");
          };
      tty.press("e").press("y");

      DecisionRequest answer =
          ask(TestingCards.PAY
                  .arguments(
                      "{\"amount\":9007199254740993,\"memo\":\"a\u202Eb\",\"vendor\":\"Acme Corp\"}")
                  .card())
              .orElseThrow();

      assertThat(answer.verdict()).isEqualTo(Verdict.EDIT);
      assertThat(answer.value())
          .isEqualTo("{\"amount\":9007199254740993,\"memo\":\"a\u202Eb\",\"vendor\":\"Beta\"}");
      assertThat(seen.get()).contains("\"memo\": \"a\\u202eb\"");
      assertThat(tty.screen()).contains("/vendor", "- \"Acme Corp\"", "+ \"Beta\"");
      assertThat(Files.exists(where.get().getParent())).isFalse();
    }

    @Test
    void nothingIsSentWithoutAYes() {
      tty.editor = (file, text) -> text.replace("12000", "1");
      tty.press("e\r").press("n").press("n");

      assertThat(ask(TestingCards.PAY.card()).orElseThrow().verdict()).isEqualTo(Verdict.REJECT);
    }

    @Test
    void whatIsNoJsonIsEditedOn() {
      AtomicReference<String> second = new AtomicReference<>();
      tty.editor =
          (file, text) -> {
            if (!text.contains("oops")) {
              return text.replace("12000", "oops");
            }
            second.set(text);
            return text.replace("oops", "7");
          };
      tty.press("ee").press("y");

      DecisionRequest answer = ask(TestingCards.PAY.card()).orElseThrow();

      assertThat(second.get()).contains("oops");
      assertThat(answer.value()).contains("\"amount\":7");
      assertThat(tty.screen()).contains("That is no JSON");
    }

    @Test
    void highRiskIsTypedAndNoEditorIsSaid() {
      tty.editor = (file, text) -> text.replace("12000", "1");
      tty.press("e").press("p").type("ay_invoice\r").press("y");
      assertThat(ask(TestingCards.PAY.risk(Risk.HIGH).card()).orElseThrow().typed())
          .isEqualTo("pay_invoice");

      tty.editor = null;
      tty.press("en");
      assertThat(ask(TestingCards.PAY.card()).orElseThrow().verdict()).isEqualTo(Verdict.REJECT);
      assertThat(tty.screen()).contains("Name your editor in EDITOR");
    }

    @Test
    void somethingIsToldInstead() {
      tty.press("t").press("A").type("sk me\r");

      DecisionRequest answer = ask(TestingCards.PAY.card()).orElseThrow();

      assertThat(answer.verdict()).isEqualTo(Verdict.RESPOND);
      assertThat(answer.value()).isEqualTo("Ask me");
    }

    private static String permissions(Path file) {
      try {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
