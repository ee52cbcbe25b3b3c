package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Nested
  class Reading {

    @Test
    void keepsTheOrderOfKeysAndTheTextOfNumbers() {
      Json read = Json.parse(" {\"b\": 1.50, \"a\": [1e3, -0, true, null, \"x\\u00e9\\n\"]} ");

      assertThat(read).hasToString("{\"b\":1.50,\"a\":[1e3,-0,true,null,\"xé\\n\"]}");
    }

    @Test
    @Tag("X48")
    @DisplayName("9007199254740993 is not rounded")
    void longNumbersAreNotRounded() {
      JsonObject read = (JsonObject) Json.parse("{\"id\":9007199254740993}");

      assertThat(read.number("id").toLong()).isEqualTo(9007199254740993L);
      assertThat(read).hasToString("{\"id\":9007199254740993}");
    }

    @Test
    void readsScalarsAlone() {
      assertThat(Json.parse("\"x\"")).isEqualTo(Json.of("x"));
      assertThat(Json.parse("12")).isEqualTo(Json.of(12));
      assertThat(Json.parse("false")).isEqualTo(Json.of(false));
      assertThat(Json.parse("null")).isEqualTo(JsonNull.NULL);
    }

    @Test
    void readsSurrogatePairs() {
      assertThat(Json.parse("\"\\ud83d\\ude02\"")).isEqualTo(Json.of("😂")).hasToString("\"😂\"");
    }

    @Test
    void readsNestingUpToTheLimit() {
      String deepest = "[".repeat(64) + "]".repeat(64);

      assertThat(Json.parse(deepest)).hasToString(deepest);
    }

    @Test
    void readsNumbersUpToTheLimits() {
      String digits = "1".repeat(64);
      List<String> numbers =
          List.of(digits, "0." + digits, "1e64", "1e-64", "0." + "0".repeat(63) + digits, "0e5");

      assertThat(numbers).allSatisfy(n -> assertThat(Json.parse(n)).hasToString(n));
    }
  }

  @Nested
  @Tag("X18")
  @DisplayName("what cannot be read exactly is refused")
  class Refusing {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "  ",
          "{",
          "[1",
          "[1,]",
          "{\"a\":1,}",
          "{a:1}",
          "{'a':1}",
          "{\"a\" 1}",
          "NaN",
          "Infinity",
          "-Infinity",
          "[NaN]",
          "01",
          "+1",
          ".5",
          "1.",
          "1e",
          "0x10",
          "tru",
          "undefined",
          "// c\n1",
          "/* c */ 1",
          "1 2",
          "{} {}",
          "[] x",
          "\"a",
          "\"\\x\"",
          "\"\\u12\"",
          "\"a\nb\"",
          "\"a\tb\"",
          "\"a\u0000b\"",
          "\uFEFF1",
          "\u00a01",
          "]"
        })
    void textThatIsNotOneValue(String text) {
      assertMalformed(text).hasMessageContaining("Malformed JSON");
    }

    @Test
    void duplicateKeysAlsoWhenWrittenDifferently() {
      assertMalformed("{\"to\":\"bob\",\"x\":{\"a\":1,\"\\u0061\":2}}")
          .hasMessage(
              "Malformed JSON at line 1, column 24, in /x/a: the key \"a\" appears twice. Send each"
                  + " key once.");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "\\ud800",
          "\\udc00",
          "x\\ud83d",
          "\\ud83dx",
          "\\ude02\\ud83d",
          "\\ud83d\\ud83d\\ude02"
        })
    void loneSurrogatesInEscapes(String escaped) {
      assertMalformed("{\"a\":\"" + escaped + "\"}")
          .hasMessageContaining("surrogate")
          .hasMessageContaining("/a");
      assertMalformed("{\"" + escaped + "\":1}").hasMessageContaining("surrogate");
    }

    @Test
    void loneSurrogatesAsCharacters() {
      assertMalformed("\"\ud83d\"").hasMessageContaining("surrogate");
      assertMalformed("{\"\ude02\":1}").hasMessageContaining("surrogate");
    }

    @Test
    void bytesThatAreNotUtf8() {
      byte[][] wrong = {
        {'"', (byte) 0xff, '"'},
        {'"', (byte) 0xc0, (byte) 0xaf, '"'},
        {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
        {'"', (byte) 0xe2, (byte) 0x82, '"'},
        "\"é\"".getBytes(StandardCharsets.ISO_8859_1),
        "[1]".getBytes(StandardCharsets.UTF_16),
        "\uFEFF1".getBytes(StandardCharsets.UTF_8),
      };

      for (byte[] bytes : wrong) {
        assertThatThrownBy(() -> Json.parse(bytes)).isInstanceOf(MalformedJsonException.class);
      }
    }

    @Test
    void nestingBeyondTheLimit() {
      assertMalformed("[".repeat(65) + "]".repeat(65)).hasMessageContaining("deeper than 64");
      assertMalformed("{\"a\":".repeat(65) + "1" + "}".repeat(65))
          .hasMessageContaining("deeper than 64");
      assertMalformed("[".repeat(1_000_000)).hasMessageContaining("deeper than 64");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "1e65",
          "1e-65",
          "0e65",
          "1e999999999999",
          "1e-999999999999",
          "10e64",
          "0.1e-64"
        })
    void exponentsBeyondTheLimit(String number) {
      assertMalformed(number).hasMessageContaining("exponent");
    }

    @Test
    void digitsBeyondTheLimit() {
      assertMalformed("1".repeat(65)).hasMessageContaining("65 significant digits");
      assertMalformed("1." + "1".repeat(64)).hasMessageContaining("65 significant digits");
      assertMalformed("1" + "0".repeat(65)).hasMessageContaining("exponent");
      assertMalformed("1." + "0".repeat(300)).hasMessageContaining("256 characters");
      assertMalformed("9".repeat(90_000)).hasMessageContaining("256 characters");
    }

    @Test
    void andSaysWhere() {
      assertMalformed("{\"a\":[1,\n  {\"b\":tru}]}").hasMessageContaining("line 2");
      assertMalformed("{\"a\":[1,{\"b\":1e99}]}").hasMessageContaining("in /a/1/b");
    }

    @Test
    @Tag("X47")
    @DisplayName("a message shows hidden characters of the text by number")
    void withoutRepeatingWhatIsHidden() {
      assertMalformed("{\"\u202ea\":1,\"\u202ea\":2}")
          .hasMessageContaining("<U+202E>")
          .message()
          .doesNotContain("\u202e");
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertMalformed(String text) {
      return assertThatThrownBy(() -> Json.parse(text))
          .isInstanceOf(MalformedJsonException.class)
          .hasFieldOrPropertyWithValue("code", "malformed-json");
    }
  }

  @Nested
  class Values {

    @Test
    void areEqualWhateverTheOrderOfKeys() {
      assertThat(Json.parse("{\"a\":1,\"b\":2}")).isEqualTo(Json.parse("{\"b\":2,\"a\":1}"));
    }

    @Test
    void areCopiesOfWhatTheyWereMadeOf() {
      Map<String, Json> members = new LinkedHashMap<>(Map.of("a", Json.of(1)));
      List<Json> elements = new ArrayList<>(List.of(Json.of(1)));
      JsonObject object = new JsonObject(members);
      JsonArray array = new JsonArray(elements);

      members.clear();
      elements.clear();

      assertThat(object.size()).isEqualTo(1);
      assertThat(array.size()).isEqualTo(1);
      assertThatThrownBy(() -> object.members().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "abc", "1 ", " 1", "１", "1_000", "--1", "0x1", "1e1.5", "1d"})
    void numbersAreCheckedWhenMadeByCode(String text) {
      assertThatThrownBy(() -> new JsonNumber(text)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void stringsAreCheckedWhenMadeByCode() {
      assertThatThrownBy(() -> Json.of("\ud800")).isInstanceOf(MalformedJsonException.class);
      assertThatThrownBy(() -> JsonObject.of("\ud800", Json.of(1)))
          .isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @CsvSource({"1,1.0,true", "10,1e1,true", "0,-0.0,true", "1,1.0000000000000000001,false"})
    void numbersCompareByValueWhenAsked(String one, String other, boolean same) {
      assertThat(new JsonNumber(one).sameValue(new JsonNumber(other))).isEqualTo(same);
    }

    @Test
    void numbersOfCodeAreExact() {
      assertThat(Json.of(Long.MIN_VALUE)).hasToString("-9223372036854775808");
      assertThat(Json.of(new BigDecimal("1E+3"))).hasToString("1E+3");
      assertThat(new JsonNumber("1e3").toInt()).isEqualTo(1000);
      assertThatThrownBy(() -> new JsonNumber("1.5").toLong()).hasMessageContaining("1.5");
      assertThatThrownBy(() -> new JsonNumber("2147483648").toInt())
          .hasMessageContaining("32 bits");
    }

    @Test
    void tooDeepTreesOfCodeCannotBeWritten() {
      Json deep = JsonArray.of();
      for (int i = 0; i < 64; i++) {
        deep = JsonArray.of(deep);
      }
      Json tooDeep = deep;

      assertThatThrownBy(tooDeep::toString).hasMessageContaining("deeper than 64");
      assertThatThrownBy(() -> CanonicalJson.of(tooDeep)).hasMessageContaining("deeper than 64");
    }

    @Test
    void accessorsSayWhatIsWrong() {
      JsonObject object =
          (JsonObject) Json.parse("{\"a\":1,\"s\":\"x\",\"b\":true,\"o\":{},\"l\":[1],\"n\":null}");

      assertThat(object.string("s")).isEqualTo("x");
      assertThat(object.bool("b")).isTrue();
      assertThat(object.object("o").size()).isZero();
      assertThat(object.array("l").at(0)).isEqualTo(Json.of(1));
      assertThat(object.find("n")).contains(JsonNull.NULL);
      assertThat(object.find("z")).isEmpty();
      assertThatThrownBy(() -> object.string("a"))
          .hasMessage("The member \"a\" is a number. Make it a string.");
      assertThatThrownBy(() -> object.string("z"))
          .hasMessage("The member \"z\" is missing. Add it.");
      assertThatThrownBy(() -> object.array("l").at(1)).hasMessageContaining("no element 1");
    }

    @Test
    void changesMakeNewObjects() {
      JsonObject object = JsonObject.of("a", Json.of(1)).with("b", Json.of(2));

      assertThat(object.with("a", Json.of(3))).hasToString("{\"a\":3,\"b\":2}");
      assertThat(object.without("a")).hasToString("{\"b\":2}");
      assertThat(object).hasToString("{\"a\":1,\"b\":2}");
    }
  }
}
