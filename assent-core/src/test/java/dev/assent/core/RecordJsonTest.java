package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordJsonTest {

  @JsonValueRecord
  record RunId(String value) {
    RunId {
      if (value.isBlank()) {
        throw new IllegalArgumentException("A run id is not blank.");
      }
    }
  }

  @JsonValueRecord
  record Attempt(int number) {}

  enum Status {
    OPEN,
    CLOSED {
      @Override
      public String toString() {
        return "shut";
      }
    }
  }

  sealed interface Outcome permits Outcome.Finished, Outcome.Unfinished {
    @Tag("succeeded")
    record Succeeded(Json result) implements Finished {}

    @Tag("failed")
    record Failed(String code, @Nullable String text) implements Finished {}

    sealed interface Finished extends Outcome permits Succeeded, Failed {}

    @Tag("unfinished")
    record Unfinished() implements Outcome {}
  }

  record Node(int depth, List<Node> children) {}

  record Everything(
      String text,
      int number,
      long big,
      boolean flag,
      @Nullable Integer boxedInt,
      @Nullable Long boxedLong,
      @Nullable Boolean boxedFlag,
      Instant at,
      Duration limit,
      Status status,
      List<String> names,
      Map<String, Long> counts,
      Map<RunId, List<Status>> byRun,
      Map<Status, Attempt> byStatus,
      RunId run,
      Attempt attempt,
      Digest digest,
      Json json,
      @Nullable JsonObject object,
      Outcome outcome,
      Node node,
      @Nullable List<Outcome> outcomes) {}

  record Plain(String text, int number, @Nullable String note) {}

  @TolerateUnknown
  record Tolerant(String text) {}

  record Roles(Set<String> names, Set<Status> statuses) {}

  @Nested
  class Writing {

    @Test
    void equalSetsHaveEqualBytes() {
      Roles roles =
          new Roles(
              new LinkedHashSet<>(List.of("ops", "admin", "finance")),
              Set.of(Status.OPEN, Status.CLOSED));

      byte[] bytes = RecordJson.write(roles);

      assertThat(new String(bytes, StandardCharsets.UTF_8))
          .isEqualTo(
              "{\"names\":[\"admin\",\"finance\",\"ops\"],\"statuses\":[\"CLOSED\",\"OPEN\"]}");
      assertThat(RecordJson.read(Roles.class, bytes)).isEqualTo(roles);
      assertThat(RecordJson.read(Roles.class, "{}".getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(new Roles(Set.of(), Set.of()));
      assertThatThrownBy(
              () ->
                  RecordJson.read(
                      Roles.class, "{\"names\":[\"a\",\"a\"]}".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(MalformedJsonException.class)
          .hasMessageContaining("twice");
    }

    @Test
    void isCompactAndInTheOrderOfTheComponents() {
      assertThat(text(new Plain("é\n\"😂", -1, null)))
          .isEqualTo("{\"text\":\"é\\n\\\"😂\",\"number\":-1}");
      assertThat(text(new Plain("a", 1, "b")))
          .isEqualTo("{\"text\":\"a\",\"number\":1,\"note\":\"b\"}");
    }

    @Test
    void putsTheTagFirst() {
      assertThat(text(new Outcome.Failed("x", null)))
          .isEqualTo("{\"type\":\"failed\",\"code\":\"x\"}");
      assertThat(text(new Outcome.Unfinished())).isEqualTo("{\"type\":\"unfinished\"}");
    }

    @Test
    void writesValueRecordsBare() {
      assertThat(text(new RunId("r1"))).isEqualTo("\"r1\"");
      assertThat(text(new Attempt(3))).isEqualTo("3");
    }

    @Test
    void leavesOutEmptyListsAndMaps() {
      assertThat(text(new Node(1, List.of()))).isEqualTo("{\"depth\":1}");
    }

    @Test
    @org.junit.jupiter.api.Tag("X57")
    @DisplayName("a time keeps all its digits")
    void keepsNanoseconds() {
      record At(Instant at, Duration limit) {}
      At at =
          new At(Instant.parse("2026-01-31T12:00:00.123456789Z"), Duration.ofNanos(1_500_000_001));

      assertThat(text(at))
          .isEqualTo("{\"at\":\"2026-01-31T12:00:00.123456789Z\",\"limit\":\"PT1.500000001S\"}");
      assertThat(RecordJson.read(At.class, RecordJson.write(at))).isEqualTo(at);
    }

    @Test
    void refusesNullWhereItIsNotDeclared() {
      assertThatThrownBy(() -> RecordJson.write(new Plain(null, 1, null)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("text")
          .hasMessageContaining("@Nullable");
    }

    @Test
    void refusesLoneSurrogates() {
      assertThatThrownBy(() -> RecordJson.write(new Plain("\ud800", 1, null)))
          .isInstanceOf(MalformedJsonException.class);
      assertThatThrownBy(() -> RecordJson.write(new RunId("x\udc00")))
          .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void takesTheDeepestArgumentsInsideRecords() {
      Json deepest = Json.parse("[".repeat(64) + "]".repeat(64));
      Outcome outcome = new Outcome.Succeeded(deepest);

      assertThat(RecordJson.read(Outcome.class, RecordJson.write(outcome))).isEqualTo(outcome);
    }
  }

  @Nested
  class Reading {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            {"text":"a","number":1,"extra":2}       | /extra is not a member of Plain
            {"number":1}                            | /text is missing
            {"text":"a"}                            | /number is missing
            {"text":null,"number":1}                | /text is null
            {"text":1,"number":1}                   | /text is a number. Make it a string
            {"text":"a","number":"1"}               | /number is a string. Make it a whole number
            {"text":"a","number":1.5}               | /number does not fit
            {"text":"a","number":2147483648}        | /number does not fit
            {"text":"a","number":true}              | /number is a boolean
            [1]                                     | is an array. Make it an object
            {"text":"a","text":"b","number":1}      | appears twice
            {"text":"a","number":1}x                | Malformed JSON
            """)
    void saysWhatIsWrongAndWhere(String json, String message) {
      assertThatThrownBy(() -> read(Plain.class, json))
          .isInstanceOf(MalformedJsonException.class)
          .hasMessageContaining(message);
    }

    @Test
    void namesThePathInside() {
      assertThatThrownBy(
              () ->
                  read(Node.class, "{\"depth\":1,\"children\":[{\"depth\":2},{\"depth\":\"x\"}]}"))
          .hasMessageContaining("/children/1/depth is a string");
    }

    @Test
    void readsMissingListsAsEmptyAndMissingNullablesAsNull() {
      assertThat(read(Node.class, "{\"depth\":1}")).isEqualTo(new Node(1, List.of()));
      assertThat(read(Plain.class, "{\"number\":1,\"text\":\"a\",\"note\":null}"))
          .isEqualTo(new Plain("a", 1, null));
    }

    @Test
    void toleratesUnknownMembersWhereDeclared() {
      assertThat(read(Tolerant.class, "{\"text\":\"a\",\"extra\":[1]}"))
          .isEqualTo(new Tolerant("a"));
    }

    @Test
    void refusesUnknownTags() {
      assertThatThrownBy(() -> read(Outcome.class, "{\"type\":\"gone\"}"))
          .hasMessageContaining("gone")
          .hasMessageContaining("[succeeded, failed, unfinished]");
      assertThatThrownBy(() -> read(Outcome.class, "{}"))
          .isInstanceOf(MalformedJsonException.class);
      assertThatThrownBy(
              () -> read(Outcome.Failed.class, "{\"type\":\"succeeded\",\"code\":\"x\"}"))
          .hasMessageContaining("/type");
    }

    @Test
    void refusesUnknownConstantsTimesAndDigests() {
      record Value(
          @Nullable Status status,
          @Nullable Instant at,
          @Nullable Duration limit,
          @Nullable Digest digest) {}

      assertThatThrownBy(() -> read(Value.class, "{\"status\":\"shut\"}"))
          .hasMessageContaining("[OPEN, CLOSED]");
      assertThatThrownBy(() -> read(Value.class, "{\"at\":\"yesterday\"}"))
          .hasMessageContaining("/at is not a time");
      assertThatThrownBy(() -> read(Value.class, "{\"limit\":\"5\"}"))
          .hasMessageContaining("/limit is not a duration");
      assertThatThrownBy(() -> read(Value.class, "{\"digest\":\"ab\"}"))
          .hasMessageContaining("/digest is not");
    }

    @Test
    void reportsWhatARecordItselfRefuses() {
      record Holder(RunId run) {}

      assertThatThrownBy(() -> read(Holder.class, "{\"run\":\" \"}"))
          .isInstanceOf(MalformedJsonException.class)
          .hasMessageContaining("/run is not a valid RunId: A run id is not blank.");
    }

    @Test
    void givesUnmodifiableLists() {
      Node node = read(Node.class, "{\"depth\":1,\"children\":[{\"depth\":2}]}");

      assertThatThrownBy(() -> node.children().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Nested
  class RefusingTypes {

    record HasDate(java.util.Date date) {}

    record HasRawList(@SuppressWarnings("rawtypes") List list) {}

    record HasIntKeys(Map<Integer, String> map) {}

    sealed interface Untagged permits NoTag {}

    record NoTag() implements Untagged {}

    sealed interface Twice permits One, Other {}

    @Tag("same")
    record One() implements Twice {}

    @Tag("same")
    record Other() implements Twice {}

    @Tag("x")
    record HasType(String type) {}

    @JsonValueRecord
    record TwoValues(int a, int b) {}

    @Test
    void thatCannotBeMapped() {
      assertRefused(HasDate.class, "java.util.Date");
      assertRefused(HasRawList.class, "java.util.List");
      assertRefused(HasIntKeys.class, "keys of java.lang.Integer");
      assertRefused(Untagged.class, "@Tag");
      assertRefused(Twice.class, "@Tag same");
      assertRefused(HasType.class, "called type");
      assertRefused(TwoValues.class, "exactly one component");
    }

    private static void assertRefused(Class<?> type, String message) {
      assertThatThrownBy(() -> read(type, "{}"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(message);
    }
  }

  @RepeatedTest(5)
  void everyRecordReadsBackAsItWas() {
    long seed = Testing.seed();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      Everything value = everything(random);

      byte[] written = RecordJson.write(value);

      assertThat(RecordJson.read(Everything.class, written)).as("seed %d", seed).isEqualTo(value);
      assertThat(RecordJson.write(RecordJson.read(Everything.class, written)))
          .as("seed %d", seed)
          .isEqualTo(written);
      assertThat(RecordJson.fromJson(Everything.class, RecordJson.toJson(value)))
          .as("seed %d", seed)
          .isEqualTo(value);
    }
  }

  @Test
  void twentyFieldsTakeAFewMicroseconds() {
    Everything value = everything(new Random(1));
    byte[] written = RecordJson.write(value);
    for (int i = 0; i < 20_000; i++) {
      RecordJson.read(Everything.class, RecordJson.write(value));
    }

    long start = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      RecordJson.write(value);
    }
    long middle = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      RecordJson.read(Everything.class, written);
    }
    long end = System.nanoTime();

    System.out.printf(
        "RecordJson, %d bytes: write %d ns, read %d ns%n",
        written.length, (middle - start) / 10_000, (end - middle) / 10_000);
    assertThat(Duration.ofNanos((middle - start) / 10_000)).isLessThan(Duration.ofMillis(1));
  }

  private static Everything everything(Random random) {
    return new Everything(
        Testing.text(random),
        random.nextInt(),
        random.nextLong(),
        random.nextBoolean(),
        random.nextBoolean() ? null : random.nextInt(),
        random.nextBoolean() ? null : random.nextLong(),
        random.nextBoolean() ? null : random.nextBoolean(),
        Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
        Duration.ofSeconds(random.nextInt(), random.nextInt(1_000_000_000)),
        Status.values()[random.nextInt(2)],
        many(random, () -> Testing.text(random)),
        entries(random, Testing::text, random.nextLong()),
        entries(random, r -> new RunId("r" + r.nextInt()), List.of(Status.OPEN, Status.CLOSED)),
        Map.of(Status.CLOSED, new Attempt(random.nextInt())),
        new RunId("run-" + random.nextInt()),
        new Attempt(random.nextInt()),
        Digest.sha256(new byte[] {(byte) random.nextInt()}),
        Testing.json(random, 3),
        random.nextBoolean() ? null : JsonObject.of("a", Testing.json(random, 2)),
        outcome(random),
        new Node(0, many(random, () -> new Node(1, many(random, () -> new Node(2, List.of()))))),
        random.nextBoolean() ? null : many(random, () -> outcome(random)));
  }

  private static Outcome outcome(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> new Outcome.Succeeded(Testing.json(random, 2));
      case 1 -> new Outcome.Failed("code", random.nextBoolean() ? null : Testing.text(random));
      default -> new Outcome.Unfinished();
    };
  }

  private static <T> List<T> many(Random random, java.util.function.Supplier<T> one) {
    List<T> many = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      many.add(one.get());
    }
    return many;
  }

  private static <K, V> Map<K, V> entries(
      Random random, java.util.function.Function<Random, K> key, V value) {
    Map<K, V> entries = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      entries.put(key.apply(random), value);
    }
    return entries;
  }

  private static String text(Object value) {
    return new String(RecordJson.write(value), StandardCharsets.UTF_8);
  }

  private static <T> T read(Class<T> type, String json) {
    return RecordJson.read(type, json.getBytes(StandardCharsets.UTF_8));
  }
}
