package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.SafeText.Hidden;
import dev.assent.core.SafeText.Plain;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {

  @Nested
  class Visible {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Pay 12,000.00 € to Acme Corp.",
          "<b>*bold*</b> & [link](javascript:x)",
          "Zürich, Überweisung, naïve, e\u0301",
          "日本語 한국어 עברית العربية हिन्दी ไทย Việt",
          "𝔘nicode 😂 ∑ √",
          "<u+202e> U+202E < U+ <",
        })
    void textStaysAsItIs(String text) {
      assertThat(SafeText.of(text)).hasToString(text);
      assertThat(SafeText.of(text).segments()).containsExactly(new Plain(text));
      assertThat(SafeText.of(text).hasHidden()).isFalse();
    }

    @Test
    void emptyTextHasNoSegments() {
      assertThat(SafeText.of("").segments()).isEmpty();
      assertThat(SafeText.of("")).hasToString("");
    }

    @Test
    void fourMarksOnOneBaseAreShown() {
      String text = "a" + "\u0301".repeat(4) + "b" + "\u0301".repeat(4);

      assertThat(SafeText.of(text)).hasToString(text);
    }
  }

  @Nested
  @Tag("X47")
  @DisplayName("what cannot be seen is named")
  class Invisible {

    @Test
    void ansiEscapes() {
      assertThat(SafeText.of("pay\u001b[2K\u001b[1A bob\u009b31m"))
          .hasToString("pay<U+001B>[2K<U+001B>[1A bob<U+009B>31m");
    }

    @Test
    void lineBreaksAndTabs() {
      assertThat(SafeText.of("a\r\nb\tc\u0085d\u2028e\u2029f\u000bg"))
          .hasToString("a<U+000D><U+000A>b<U+0009>c<U+0085>d<U+2028>e<U+2029>f<U+000B>g");
    }

    @Test
    void segmentsCarryTheCodePoints() {
      assertThat(SafeText.of("Reimbursement \u202ex").segments())
          .containsExactly(new Plain("Reimbursement "), new Hidden(0x202E), new Plain("x"));
    }

    @ParameterizedTest
    @ValueSource(
        ints = {
          0x00, 0x07, 0x08, 0x7F, 0x80, 0x9F, // controls
          0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F,
          0x061C, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x180E, 0x2061, 0x2064, 0x206F,
          0xFFF9, 0xFFFB, 0xE0001, 0xE0020, 0xE0041, 0xE007F, 0xE0080, 0xE01EF,
          0xE0FFF, // tags and their reserve
          0xFE00, 0xFE0F, 0xE0100, 0x180B, 0x180D, 0x180F, // variation selectors
          0x115F, 0x1160, 0x3164, 0xFFA0, 0x034F, 0x17B4, 0x17B5, 0x2065, 0xFFF0, 0xFFF8, 0x1BCA0,
          0x1D173, 0x00A0, 0x1680, 0x2000, 0x2003, 0x2007, 0x200A, 0x202F, 0x205F, 0x3000,
          0x2800, // blanks
          0xE000, 0xF8FF, 0xF0000, 0x10FFFD, // private use
          0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, // noncharacters
          0x0378, 0x2FE0, 0x50000, // unassigned
          0xFFFC, 0x13441, 0x16FE4, 0x1D159,
        })
    void oddCharacters(int codePoint) {
      String text = "a" + Character.toString(codePoint) + "b";

      assertThat(SafeText.of(text).segments())
          .as("U+%04X %s", codePoint, Character.getName(codePoint))
          .containsExactly(new Plain("a"), new Hidden(codePoint), new Plain("b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udfff"})
    void loneSurrogates(String lone) {
      assertThat(SafeText.of("a" + lone + "b").segments())
          .containsExactly(new Plain("a"), new Hidden(lone.charAt(0)), new Plain("b"));
      assertThat(SafeText.of(lone)).hasToString("<U+%04X>".formatted((int) lone.charAt(0)));
    }

    @Test
    void anInstructionInTagsIsSeen() {
      StringBuilder hidden = new StringBuilder("pay bob");
      "now".chars().forEach(c -> hidden.appendCodePoint(0xE0000 + c));

      assertThat(SafeText.of(hidden.toString())).hasToString("pay bob<U+E006E><U+E006F><U+E0077>");
    }

    @Test
    void joinersInEmoji() {
      assertThat(SafeText.of("👩\u200d💻")).hasToString("👩<U+200D>💻");
    }

    @Test
    void marksBeyondTheFourth() {
      assertThat(SafeText.of("a" + "\u0301".repeat(6) + "b"))
          .hasToString("a" + "\u0301".repeat(4) + "<U+0301><U+0301>b");
    }

    @Test
    void marksThatWouldJoinWhatStandsBefore() {
      assertThat(SafeText.of("\u0338x")).hasToString("<U+0338>x");
      assertThat(SafeText.of("a \u0338x")).hasToString("a <U+0338>x");
      assertThat(SafeText.of("\u200b\u0338x")).hasToString("<U+200B><U+0338>x");
    }

    @Test
    void nothingOfTheHiddenCategoriesIsEverInPlainText() {
      StringBuilder all = new StringBuilder();
      for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
        all.append('a').appendCodePoint(c);
      }

      SafeText safe = SafeText.of(all.toString());

      assertThat(safe.segments())
          .filteredOn(Plain.class::isInstance)
          .allSatisfy(
              segment ->
                  assertThat(((Plain) segment).text())
                      .doesNotMatch("(?s).*[\\p{C}\\p{Zl}\\p{Zp}\\p{IsWhite_Space}&&[^ ]].*"));
    }
  }

  @Nested
  class Imitating {

    @Test
    void aLiteralMarkIsToldFromARealOne() {
      assertThat(SafeText.of("<U+202E>")).hasToString("<U+003C>U+202E>");
      assertThat(SafeText.of("\u202e")).hasToString("<U+202E>");
      assertThat(SafeText.of("<U+003C>U+202E>")).hasToString("<U+003C>U+003C>U+202E>");
      assertThat(SafeText.of("<\u200bU+202E>")).hasToString("<<U+200B>U+202E>");
    }

    @RepeatedTest(5)
    void theOriginalCanAlwaysBeTold() {
      long seed = Testing.seed();
      Random random = new Random(seed);
      String[] pieces = {
        "<",
        "U",
        "+",
        "<U+",
        "202E",
        ">",
        "\u202e",
        "<U+003C>",
        "\u0301",
        "\ud83d",
        "\ude02",
        "x",
        " "
      };
      for (int i = 0; i < 1_000; i++) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(10); n > 0; n--) {
          text.append(pieces[random.nextInt(pieces.length)]);
        }

        String shown = SafeText.of(text.toString()).toString();

        assertThat(original(shown)).as("seed %d: %s", seed, shown).isEqualTo(text.toString());
      }
    }

    private static String original(String shown) {
      Matcher marks = Pattern.compile("<U\\+([0-9A-F]{4,6})>").matcher(shown);
      return marks.replaceAll(
          mark ->
              Matcher.quoteReplacement(Character.toString(Integer.parseInt(mark.group(1), 16))));
    }
  }

  @Nested
  @Tag("X45")
  @DisplayName("nothing is cut silently")
  class Cutting {

    @Test
    void saysHowMuchIsMissing() {
      SafeText.Excerpt excerpt = SafeText.of("x".repeat(10_000)).cut(240);

      assertThat(excerpt.more()).isEqualTo(9_760);
      assertThat(excerpt.whole()).isFalse();
      assertThat(excerpt.note()).isEqualTo("… (9,760 more characters)");
      assertThat(excerpt).hasToString("x".repeat(240) + "… (9,760 more characters)");
    }

    @Test
    void wholeTextHasNoNote() {
      assertThat(SafeText.of("abc").cut(3)).hasToString("abc").matches(SafeText.Excerpt::whole);
      assertThat(SafeText.of("abc").cut(2)).hasToString("ab… (1 more character)");
      assertThat(SafeText.of("abc").cut(0)).hasToString("… (3 more characters)");
    }

    @Test
    void countsCharactersNotUnitsAndHiddenOnesToo() {
      SafeText text = SafeText.of("😂\u202e😂😂");

      assertThat(text.length()).isEqualTo(4);
      assertThat(text.cut(3)).hasToString("😂<U+202E>😂… (1 more character)");
      assertThat(text.cut(2).shown().segments())
          .containsExactly(new Plain("😂"), new Hidden(0x202E));
    }

    @Test
    void refusesANegativeLength() {
      assertThatThrownBy(() -> SafeText.of("a").cut(-1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @Tag("X46")
  @DisplayName("markup is left for the renderer to escape, never interpreted")
  void markupIsPlainText() {
    String markup = "<img src=x onerror=alert(1)> **approve** `x`";

    assertThat(SafeText.of(markup).segments()).containsExactly(new Plain(markup));
  }

  @Test
  void tenThousandCharactersTakeLittleTime() {
    String text = ("Überweisung 日本 \u202e<U+" + "x".repeat(84)).repeat(100);
    int shown = 0;
    for (int i = 0; i < 200; i++) {
      shown += SafeText.of(text).toString().length();
    }

    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      shown += SafeText.of(text).toString().length();
    }
    Duration each = Duration.ofNanos((System.nanoTime() - start) / 100);

    assertThat(shown).isPositive();
    System.out.println(
        "SafeText of " + text.length() + " characters: " + each.toNanos() / 1_000 + " µs");
    assertThat(each).isLessThan(Duration.ofMillis(20));
  }
}
