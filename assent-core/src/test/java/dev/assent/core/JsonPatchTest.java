package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPatchTest {
  private static String patched(String value, String patch) {
    return CanonicalJson.text(JsonPatch.apply(Json.parse(value), Json.parse(patch)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'a':1} | {'op':'add','path':'/b','value':2} | {'a':1,'b':2}",
        "{'a':[1,3]} | {'op':'add','path':'/a/1','value':2} | {'a':[1,2,3]}",
        "{'a':[1]} | {'op':'add','path':'/a/-','value':2} | {'a':[1,2]}",
        "{'a':1,'b':2} | {'op':'remove','path':'/a'} | {'b':2}",
        "{'a':[1,2]} | {'op':'remove','path':'/a/0'} | {'a':[2]}",
        "{'a':{'b':1}} | {'op':'replace','path':'/a/b','value':'x'} | {'a':{'b':'x'}}",
        "{'a':1} | {'op':'replace','path':'','value':[]} | []",
        "{'a':1} | {'op':'move','from':'/a','path':'/b'} | {'b':1}",
        "{'a':1} | {'op':'copy','from':'/a','path':'/b'} | {'a':1,'b':1}",
        "{'a/b':1,'c~d':2} | {'op':'remove','path':'/a~1b'} | {'c~d':2}",
        "{'a/b':1,'c~d':2} | {'op':'remove','path':'/c~0d'} | {'a/b':1}",
        "{'a':1.0} | {'op':'test','path':'/a','value':1} | {'a':1}"
      })
  void operationsOfTheStandard(String value, String operation, String after) {
    assertThat(patched(value.replace('\'', '"'), "[" + operation.replace('\'', '"') + "]"))
        .isEqualTo(after.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'op':'replace','path':'/x','value':1}",
        "{'op':'remove','path':'/x'}",
        "{'op':'remove','path':''}",
        "{'op':'add','path':'/a/2','value':1}",
        "{'op':'add','path':'/a/01','value':1}",
        "{'op':'add','path':'/b/c','value':1}",
        "{'op':'replace','path':'/a/-','value':1}",
        "{'op':'add','path':'a','value':1}",
        "{'op':'add','path':'/~2','value':1}",
        "{'op':'add','path':'/a'}",
        "{'op':'test','path':'/b','value':2}",
        "{'op':'move','from':'/a','path':'/a/0'}",
        "{'op':'spin','path':'/a'}",
        "{'path':'/a'}",
        "7"
      })
  void whatDoesNotFitIsNotApplied(String operation) {
    Json value = Json.parse("{\"a\":[1],\"b\":1}");
    Json patch = Json.parse("[" + operation.replace('\'', '"') + "]");

    assertThatThrownBy(() -> JsonPatch.apply(value, patch))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("Operation 0");
  }

  @Test
  @Tag("X48")
  @DisplayName("what a patch does not name keeps every digit")
  void neighboursKeepTheirDigits() {
    assertThat(
            patched(
                "{\"id\":9007199254740993,\"rate\":0.1000000000000000055,\"n\":1}",
                "[{\"op\":\"replace\",\"path\":\"/n\",\"value\":12345678901234567890}]"))
        .isEqualTo(
            "{\"id\":9007199254740993,\"n\":12345678901234567890,\"rate\":0.1000000000000000055}");
  }

  @Test
  void theDifferenceLeadsFromOneToTheOther() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      Json before = some(random, 3);
      Json after = some(random, 3);
      JsonArray patch = JsonPatch.between(before, after);

      assertThat(CanonicalJson.text(JsonPatch.apply(before, patch)))
          .as("seed %s: %s to %s", seed, before, after)
          .isEqualTo(CanonicalJson.text(after));
      assertThat(JsonPatch.between(after, after)).isEmpty();
    }
  }

  private static Json some(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> Json.of(random.nextInt(3));
      case 1 -> Json.of("t" + random.nextInt(3));
      case 2 -> Json.of(random.nextBoolean());
      case 3 -> JsonNull.NULL;
      case 4 -> {
        List<Json> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(some(random, depth - 1));
        }
        yield new JsonArray(elements);
      }
      default -> {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          members.put("/~k".substring(0, 1 + random.nextInt(3)), some(random, depth - 1));
        }
        yield new JsonObject(members);
      }
    };
  }
}
