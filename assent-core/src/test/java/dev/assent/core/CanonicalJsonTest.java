package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {

  @Nested
  @DisplayName("RFC 8785 vectors")
  class Vectors {

    @ParameterizedTest(name = "appendix B: {0} is {1}")
    @CsvSource({
      "0000000000000000, 0",
      "8000000000000000, 0",
      "0000000000000001, 5e-324",
      "8000000000000001, -5e-324",
      "7fefffffffffffff, 1.7976931348623157e+308",
      "ffefffffffffffff, -1.7976931348623157e+308",
      "4340000000000000, 9007199254740992",
      "c340000000000000, -9007199254740992",
      "4430000000000000, 295147905179352830000",
      "44b52d02c7e14af5, 9.999999999999997e+22",
      "44b52d02c7e14af6, 1e+23",
      "44b52d02c7e14af7, 1.0000000000000001e+23",
      "444b1ae4d6e2ef4e, 999999999999999700000",
      "444b1ae4d6e2ef4f, 999999999999999900000",
      "444b1ae4d6e2ef50, 1e+21",
      "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
      "3eb0c6f7a0b5ed8d, 0.000001",
      "41b3de4355555553, 333333333.3333332",
      "41b3de4355555554, 333333333.33333325",
      "41b3de4355555555, 333333333.3333333",
      "41b3de4355555556, 333333333.3333334",
      "41b3de4355555557, 333333333.33333343",
      "becbf647612f3696, -0.0000033333333333333333",
      "43143ff3c1cb0959, 1424953923781206.2",
    })
    void numbers(String bits, String text) {
      double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));

      assertThat(CanonicalJson.ecmaScript(value)).isEqualTo(text);
    }

    @ParameterizedTest(name = "appendix B: {0} is an error")
    @ValueSource(strings = {"7fffffffffffffff", "7ff0000000000000", "fff0000000000000"})
    void notANumber(String bits) {
      double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));

      assertThatThrownBy(() -> CanonicalJson.ecmaScript(value))
          .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void arrays() {
      assertCanonical("[\n  56,\n  {\n    \"d\": true,\n    \"10\": null,\n    \"1\": [ ]\n  }\n]")
          .isEqualTo("[56,{\"1\":[],\"10\":null,\"d\":true}]");
    }

    @Test
    void french() {
      assertCanonical(
              """
              {
                "peach": "This sorting order",
                "péché": "is wrong according to French",
                "pêche": "but canonicalization MUST",
                "sin":   "ignore locale"
              }
              """)
          .isEqualTo(
              "{\"peach\":\"This sorting order\",\"péché\":\"is wrong according to French\","
                  + "\"pêche\":\"but canonicalization MUST\",\"sin\":\"ignore locale\"}");
    }

    @Test
    void structures() {
      assertCanonical(
              """
              {
                "1": {"f": {"f": "hi","F": 5} ,"\\n": 56.0},
                "10": { },
                "": "empty",
                "a": { },
                "111": [ {"e": "yes","E": "no" } ],
                "A": { }
              }
              """)
          .isEqualTo(
              "{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":{},"
                  + "\"111\":[{\"E\":\"no\",\"e\":\"yes\"}],\"A\":{},\"a\":{}}");
    }

    @Test
    void unicode() {
      assertCanonical("{\n  \"Unnormalized Unicode\":\"A\\u030a\"\n}")
          .isEqualTo("{\"Unnormalized Unicode\":\"A\u030a\"}");
    }

    @Test
    void weird() {
      assertCanonical(
              """
              {
                "\\u20ac": "Euro Sign",
                "\\r": "Carriage Return",
                "\\u000a": "Newline",
                "1": "One",
                "\\u0080": "Control\\u007f",
                "\\ud83d\\ude02": "Smiley",
                "\\u00f6": "Latin Small Letter O With Diaeresis",
                "\\ufb33": "Hebrew Letter Dalet With Dagesh",
                "</script>": "Browser Challenge"
              }
              """)
          .isEqualTo(
              "{\"\\n\":\"Newline\",\"\\r\":\"Carriage Return\",\"1\":\"One\","
                  + "\"</script>\":\"Browser Challenge\",\"\u0080\":\"Control\u007f\","
                  + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                  + "\"😂\":\"Smiley\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    @DisplayName("values, with our departure: 333333333.33333329 keeps its last digits")
    void values() {
      String input =
          """
          {
            "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
            "literals": [null, true, false]
          }
          """;
      String ours =
          "{\"literals\":[null,true,false],\"numbers\":[333333333.33333329,1e+30,4.5,0.002,1e-27],"
              + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";

      assertCanonical(input).isEqualTo(ours);
      assertCanonical(input.replace("333333333.33333329", "333333333.3333333"))
          .isEqualTo(ours.replace("333333333.33333329", "333333333.3333333"));
    }

    private static org.assertj.core.api.AbstractStringAssert<?> assertCanonical(String input) {
      byte[] bytes = CanonicalJson.of(Json.parse(input.getBytes(StandardCharsets.UTF_8)));
      return assertThat(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @Nested
  class Numbers {

    @ParameterizedTest
    @CsvSource({
      "1.0, 1",
      "1, 1",
      "1e0, 1",
      "10e-1, 1",
      "-0, 0",
      "-0.0e5, 0",
      "0.1, 0.1",
      "1e-1, 0.1",
      "-12.50, -12.5",
      "0.30000000000000004, 0.30000000000000004",
      "0.3000000000000000400, 0.30000000000000004",
      "1e21, 1e+21",
      "1000000000000000000000, 1e+21",
      "100000000000000000000, 100000000000000000000",
      "1e64, 1e+64",
      "1e-64, 1e-64",
      "0.0000001, 1e-7",
      "0.000001, 0.000001",
      "123456789012345, 123456789012345",
      "9007199254740991, 9007199254740991",
    })
    void haveOneText(String written, String canonical) {
      assertThat(CanonicalJson.text(new JsonNumber(written))).isEqualTo(canonical);
    }

    @ParameterizedTest
    @Tag("X48")
    @DisplayName("a number that a double cannot hold keeps its exact value")
    @CsvSource({
      "9007199254740993, 9007199254740993",
      "-9007199254740993.0, -9007199254740993",
      "9007199254740993e3, 9007199254740993000",
      "333333333.33333329, 333333333.33333329",
      "0.1000000000000000055511151231257827, 0.1000000000000000055511151231257827",
      "1000000000000000000000.1, 1000000000000000000000.1",
      "1.00000000000000000000001e30, 1000000000000000000000010000000",
      "12345678901234567890123e-30, 0.000000012345678901234567890123",
    })
    void stayExact(String written, String canonical) {
      assertThat(CanonicalJson.text(new JsonNumber(written))).isEqualTo(canonical);
    }

    @Test
    void differByOneInTheLastOf64Digits() {
      String one = "1".repeat(63) + "1";
      String other = "1".repeat(63) + "2";

      assertThat(CanonicalJson.text(new JsonNumber(one))).isEqualTo(one);
      assertThat(CanonicalJson.text(new JsonNumber(other))).isEqualTo(other);
    }

    @RepeatedTest(5)
    void equalDecimalsHaveEqualBytesAndOthersDoNot() {
      long seed = Testing.seed();
      Random random = new Random(seed);
      for (int i = 0; i < 1_000; i++) {
        BigDecimal value = Testing.decimal(random);
        String canonical = CanonicalJson.text(Json.of(value));

        assertThat(new BigDecimal(canonical)).as("seed %d", seed).isEqualByComparingTo(value);
        for (String written : Testing.waysToWrite(value, random)) {
          assertThat(CanonicalJson.text(new JsonNumber(written)))
              .as("seed %d: %s", seed, written)
              .isEqualTo(canonical);
        }
      }
    }

    @RepeatedTest(5)
    void doublesReadBackAndAreShortest() {
      long seed = Testing.seed();
      Random random = new Random(seed);
      for (int i = 0; i < 4_000; i++) {
        double value = Double.longBitsToDouble(random.nextLong());
        if (Double.isFinite(value)) {
          String text = CanonicalJson.ecmaScript(value);
          assertThat(Double.parseDouble(text))
              .as("seed %d: %s", seed, text)
              .isEqualTo(value == 0 ? 0.0 : value);
        }
      }
    }
  }

  @Nested
  class AnyValue {

    @RepeatedTest(5)
    void isCanonicalAfterOneRound() {
      long seed = Testing.seed();
      Random random = new Random(seed);
      for (int i = 0; i < 500; i++) {
        Json value = Testing.json(random, 5);

        byte[] canonical = CanonicalJson.of(value);

        assertThat(CanonicalJson.of(Json.parse(canonical)))
            .as("seed %d", seed)
            .isEqualTo(canonical);
        assertThat(CanonicalJson.of(Json.parse(value.toString())))
            .as("seed %d", seed)
            .isEqualTo(canonical);
        assertThat(CanonicalJson.of(shuffled(value, random)))
            .as("seed %d", seed)
            .isEqualTo(canonical);
      }
    }

    @Test
    void sortsByUtf16UnitsNotByCodePoints() {
      Json value = Json.parse("{\"\uFB33\":1,\"😂\":2}");

      assertThat(CanonicalJson.text(value)).isEqualTo("{\"😂\":2,\"\uFB33\":1}");
    }

    @Test
    void escapesOnlyWhatMustBe() {
      assertThat(CanonicalJson.text(Json.of("\u0000\u001f\u007f\u2028/<>&'\b\f\u000b")))
          .isEqualTo("\"\\u0000\\u001f\u007f\u2028/<>&'\\b\\f\\u000b\"");
    }

    private static Json shuffled(Json value, Random random) {
      if (value instanceof JsonArray array) {
        return new JsonArray(array.elements().stream().map(e -> shuffled(e, random)).toList());
      }
      if (value instanceof JsonObject object) {
        List<String> names = new ArrayList<>(object.members().keySet());
        Collections.shuffle(names, random);
        Map<String, Json> members = new LinkedHashMap<>();
        names.forEach(name -> members.put(name, shuffled(object.member(name), random)));
        return new JsonObject(members);
      }
      return value;
    }
  }
}
