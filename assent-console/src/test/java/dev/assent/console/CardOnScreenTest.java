package dev.assent.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Mandate;
import dev.assent.core.MandateId;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.RequirementKind;
import dev.assent.core.Risk;
import dev.assent.core.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jline.utils.WCWidth;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a person sees of a request, and that it is the whole. */
class CardOnScreenTest {
  private final TestingTty tty = new TestingTty();
  private final ConsoleResponder responder =
      new ConsoleResponder(tty, tty, new Seat(Principal.person("berta"), Profile.SOLO), () -> 1);

  private Optional<Verdict> ask(TestingCards card) {
    return responder.ask(card.card(), () -> false).map(DecisionRequest::verdict);
  }

  private String shown(TestingCards card) {
    tty.hangUp();
    ask(card);
    return tty.screen();
  }

  @Test
  void theShortFormIsAsItWasDrawn() {
    String screen = shown(TestingCards.PAY.risk(Risk.HIGH));

    String print = TestingCards.digest("c1").shortForm();
    assertThat(screen.lines().map(String::stripTrailing))
        .containsExactly(
            "",
            " finance_bot wants to call pay_invoice                       HIGH RISK   "
                + print
                + "   expires in 20 min (then: rejected)",
            "   amount    12000",
            "   memo      Reimbursement <U+202E>x",
            "   vendor    Acme Corp",
            " Why (the agent's words): It is due.",
            " solo: decided by berta",
            " [y]es once  [n]o  [r]eject with reason  [e]dit  [t]ell instead  [d]etails  [?] >",
            " Left unanswered: " + print + " still waits.");
  }

  @Test
  void itSaysWithWhoseAuthorityItIsDecided() {
    assertThat(decidedBy(Mandate.Kind.DELEGATION)).contains("with the authority of berta");
    assertThat(decidedBy(Mandate.Kind.BREAK_GLASS)).contains("by break-glass, alone, until");
  }

  private String decidedBy(Mandate.Kind kind) {
    Instant now = tty.instant();
    Mandate mandate =
        new Mandate(
            new MandateId("m1"),
            kind,
            "berta",
            kind == Mandate.Kind.BREAK_GLASS ? "berta" : "anton",
            List.of("pay_invoice"),
            Risk.HIGH,
            null,
            now,
            now.plusSeconds(60),
            "fire",
            "berta",
            now,
            1,
            null,
            null);
    return CardText.of(
            TestingCards.PAY.card(),
            new Seat(Principal.person("anton"), Profile.SEPARATED),
            mandate,
            "",
            now,
            new Typesetter(tty.columns(), tty.ascii()))
        .stream()
        .flatMap(line -> line.spans().stream())
        .map(Line.Span::text)
        .collect(Collectors.joining());
  }

  @Test
  void otherPeoplesRequestsAreMarked() {
    assertThat(shown(TestingCards.PAY.requester("anton"))).contains("asked for by anton");
  }

  @Test
  void aCallInDoubtSaysSo() {
    assertThat(shown(TestingCards.PAY.kind(RequirementKind.RECONCILIATION)))
        .contains("finance_bot called pay_invoice; nobody knows whether it happened")
        .contains("Why it is in doubt (as reported): It is due.")
        .contains("does not expire")
        .contains("it [h]appened  [x] it did not happen  [g]ive up");
  }

  @Nested
  class Arguments {
    @Test
    void nestedOnesStandBelow() {
      String arguments = "{\"a\":{\"b\":[1,{\"c\":true}],\"e\":{}},\"d\":null}";

      assertThat(shown(TestingCards.PAY.arguments(arguments)))
          .contains(
              String.join(
                  "\n",
                  "   a",
                  "     b",
                  "       [0]       1",
                  "       [1]",
                  "         c         true",
                  "     e         {}",
                  "   d         null"));
    }

    @Test
    void whatIsDeepIsPlainJson() {
      assertThat(shown(TestingCards.PAY.arguments("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":[1]}}}}}")))
          .contains("         d         {\"e\":[1]}\n");
    }

    @Test
    void textThatWouldReadAsSomethingElseIsQuoted() {
      assertThat(
              shown(
                  TestingCards.PAY.arguments(
                      "{\"a\":\"12\",\"b\":\"\",\"c\":\" x\",\"d\":\"null\",\"e\":\"{}\",\"f\":\"plain"
                          + " text\"}")))
          .contains(
              "a         \"12\"\n",
              "b         \"\"\n",
              "c         \" x\"\n",
              "d         \"null\"\n",
              "e         \"{}\"\n",
              "f         plain text\n");
    }

    @Test
    void whatWasErasedIsShownAsItIs() {
      assertThat(shown(TestingCards.PAY.arguments("(erased)"))).contains("\n   (erased)\n");
    }

    @Test
    void noneAreNamedSo() {
      assertThat(shown(TestingCards.PAY.arguments("{}"))).contains("(no arguments)");
    }
  }

  @Tag("X47")
  @Nested
  class HostileText {
    private static final String HOSTILE =
        "\u001b[2J\u001b]0;x\u0007\u202Ebad\u200B\u2066\u00AD\r\nvendor\t\u0085\u009B1A";

    @Test
    void nothingInvisibleReachesTheTerminal() {
      tty.colour = true;

      shown(
          TestingCards.PAY
              .arguments(
                  "{\"no\\u001b[2Jte\":\"" + escaped() + "\",\"o\":{\"" + escaped() + "\":1}}")
              .words(HOSTILE)
              .requester("x\u202E"));

      String others = tty.written().replaceAll("\u001b\\[[0-9;]*[mKA]", "").replace("\n", "");
      assertThat(others.replace("\r", "").codePoints())
          .allMatch(c -> c >= ' ' && c < 0x7F || c == '│');
      assertThat(tty.written()).doesNotContain("\u001b[2J", "\u001b[1A");
      assertThat(tty.screen())
          .contains("<U+202E>bad<U+200B><U+2066><U+00AD>", "<U+001B>[2J", "<U+009B>1A");
    }

    @Test
    void noTextCanPassForALineOfTheCard() {
      tty.columns = 40;
      String screen =
          shown(
              TestingCards.PAY.arguments(
                  "{\"memo\":\"a\\n   vendor    Acme Corp%s vendor\"}".formatted(" ".repeat(60))));

      assertThat(screen.lines().filter(line -> line.contains("vendor")))
          .isNotEmpty()
          .allMatch(line -> line.strip().startsWith("│"));
    }

    @Test
    void aMarkCannotBeForged() {
      assertThat(shown(TestingCards.PAY.words("<U+202E>"))).contains(": <U+003C>U+202E>");
    }

    private static String escaped() {
      StringBuilder out = new StringBuilder();
      HOSTILE.chars().forEach(c -> out.append("\\u%04x".formatted(c)));
      return out.toString();
    }
  }

  @Tag("X45")
  @Nested
  class LongValues {
    private final String memo = "0123456789".repeat(500) + "END";
    private final TestingCards card = TestingCards.PAY.arguments("{\"memo\":\"" + memo + "\"}");

    @Test
    void nothingIsCut() {
      tty.press(" ".repeat(20));

      String screen = shown(card.words("word ".repeat(400) + "STOP"));

      String value = " ".repeat(13);
      assertThat(
              screen
                  .lines()
                  .filter(line -> line.startsWith("   memo") || line.startsWith(value))
                  .map(line -> line.substring(13).replace("│ ", ""))
                  .collect(Collectors.joining()))
          .isEqualTo(memo);
      assertThat(screen).contains("STOP");
    }

    @Test
    void yWaitsForTheEndOfTheLastPage() {
      tty.rows = 20;
      tty.press("y y y").hangUp();

      assertThat(ask(card)).isEmpty();
      assertThat(tty.screen())
          .contains("Not all of it has been shown: press space for the rest.")
          .containsPattern("\\[space] \\d+ more lines {2}\\[n]o");
    }

    @Test
    void afterTheLastPageItApproves() {
      tty.rows = 20;
      tty.press(" ".repeat(10) + "y");

      assertThat(ask(card)).contains(Verdict.APPROVE);
      assertThat(tty.screen()).contains("END");
    }

    @Test
    void noCanBeSaidAtOnce() {
      tty.rows = 20;
      tty.press("n");

      assertThat(ask(card)).contains(Verdict.REJECT);
    }

    @Test
    void pagingThroughDetailsCountsForTheCardFirst() {
      tty.rows = 20;
      tty.press("dy").hangUp();

      assertThat(ask(card)).isEmpty();
    }
  }

  @Nested
  class PoorTerminals {
    @Test
    void fortyColumnsAreEnough() {
      tty.columns = 40;

      String screen = shown(TestingCards.PAY.words("word ".repeat(40) + "漢字".repeat(60)));

      assertThat(screen.lines())
          .allMatch(line -> line.codePoints().map(WCWidth::wcwidth).sum() < 40);
      assertThat(screen).contains("finance_bot wants to call pay_invoice\n");
    }

    @Test
    void plainAsciiNamesTheRest() {
      tty.ascii = true;
      tty.columns = 40;

      String screen = shown(TestingCards.PAY.words("Größe ".repeat(20)));

      assertThat(screen.codePoints()).allMatch(c -> c < 0x7F);
      assertThat(screen).contains("Gr<U+00F6><U+00DF>e", "   | ");
    }

    @Test
    void withoutColourThereIsNoEscape() {
      assertThat(shown(TestingCards.PAY.risk(Risk.HIGH))).isEqualTo(tty.written());
      assertThat(tty.written()).doesNotContain("\u001b");
    }

    @Test
    void withoutATerminalNothingIsReadOrShown() {
      tty.whyNot = "standard output is not a terminal";
      tty.press("y");

      assertThat(ask(TestingCards.PAY)).isEmpty();
      assertThat(tty.screen()).isEmpty();
      assertThat(tty.unread()).isOne();
    }
  }
}
