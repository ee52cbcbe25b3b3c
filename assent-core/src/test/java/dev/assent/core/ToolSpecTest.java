package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an approval is bound to. */
class ToolSpecTest {

  /** Pinned: another value makes every pending approval of an upgraded installation stale. */
  @Test
  void theFingerprintOfASampleIsPinned() {
    assertThat(Some.tool("Pays an invoice", Effect.AT_MOST_ONCE).fingerprint().hex())
        .isEqualTo("7c7729ed0137786ac186141ca9093dba31dba7bb839575b107c0ee89c10259c5");
    assertThat(spec("erp", "erp/pay", "", "Pays", "{}", Effect.READ_ONLY, null).fingerprint().hex())
        .isEqualTo("082e98aa59a77721a22221a3b9b16a54eb0843109be37e176323a27363d220cc");
  }

  @Test
  @Tag("X12")
  @Tag("X56")
  void everyPartOfItChangesTheFingerprint() {
    Digest base =
        spec("erp", "erp/pay", "1", "Pays", "{}", Effect.AT_MOST_ONCE, "i:{a}").fingerprint();

    assertThat(
            List.of(
                spec("crm", "erp/pay", "1", "Pays", "{}", Effect.AT_MOST_ONCE, "i:{a}"),
                spec("erp", "crm/pay", "1", "Pays", "{}", Effect.AT_MOST_ONCE, "i:{a}"),
                spec("erp", "erp/pay", "2", "Pays", "{}", Effect.AT_MOST_ONCE, "i:{a}"),
                spec("erp", "erp/pay", "1", "Pays all", "{}", Effect.AT_MOST_ONCE, "i:{a}"),
                spec("erp", "erp/pay", "1", "Pays", "{\"a\":1}", Effect.AT_MOST_ONCE, "i:{a}"),
                spec("erp", "erp/pay", "1", "Pays", "{}", Effect.IDEMPOTENT, "i:{a}"),
                spec("erp", "erp/pay", "1", "Pays", "{}", Effect.AT_MOST_ONCE, null)))
        .extracting(ToolSpec::fingerprint)
        .doesNotContain(base)
        .doesNotHaveDuplicates();
  }

  @Test
  void theWayASchemaIsWrittenDoesNot() {
    assertThat(
            spec("erp", "p", "", "", "{\"a\":1,\"b\":2.0}", Effect.READ_ONLY, null).fingerprint())
        .isEqualTo(
            spec("erp", "p", "", "", "{ \"b\" : 2, \"a\" : 1 }", Effect.READ_ONLY, null)
                .fingerprint());
  }

  @Test // who gives an argument is part of what was judged
  @Tag("A9")
  void whereAnArgumentComesFromChangesTheFingerprint() {
    ToolSpec plain = spec("code", "p", "", "", "{}", Effect.READ_ONLY, null);

    assertThat(
            List.of(
                plain,
                shared(plain, new SharedArgument("a", "a", null)),
                shared(plain, new SharedArgument("a", "b", null)),
                shared(plain, new SharedArgument("b", "b", null))))
        .extracting(ToolSpec::fingerprint)
        .doesNotHaveDuplicates();
  }

  @Test
  @Tag("A9")
  void anArgumentComesFromOnePlace() {
    ToolSpec plain =
        spec(
            "code",
            "p",
            "",
            "",
            "{\"properties\":{\"a\":{},\"b\":{}},\"required\":[\"a\",\"b\"]}",
            Effect.READ_ONLY,
            null);

    ToolSpec hidden = shared(plain, new SharedArgument("a", "a", null));
    assertThat(hidden.modelSchema())
        .isEqualTo(Json.parse("{\"properties\":{\"b\":{}},\"required\":[\"b\"]}"));
    assertThat(hidden.proposedSchema()).isEqualTo(plain.schema());
    assertThatThrownBy(
            () ->
                new ToolSpec(
                    plain.owner(),
                    plain.name(),
                    "",
                    "",
                    plain.schema(),
                    plain.effect(),
                    null,
                    false,
                    plain.timeLimit(),
                    List.of(),
                    new Involvement(List.of("a"), false, false, 0, null),
                    List.of(new SharedArgument("a", "a", null))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("choose one");
  }

  private static ToolSpec shared(ToolSpec tool, SharedArgument argument) {
    return new ToolSpec(
        tool.owner(),
        tool.name(),
        tool.version(),
        tool.description(),
        tool.schema(),
        tool.effect(),
        tool.effectKey(),
        tool.independent(),
        tool.timeLimit(),
        tool.rules(),
        tool.involvement(),
        List.of(argument));
  }

  @Test
  void norDoesARewordedDescriptionOfOwnCode() {
    assertThat(Some.tool("Pays", Effect.AT_MOST_ONCE).fingerprint())
        .isEqualTo(Some.tool("Pays an invoice", Effect.AT_MOST_ONCE).fingerprint());
  }

  private static ToolSpec spec(
      String owner,
      String name,
      String version,
      String description,
      String schema,
      Effect effect,
      @Nullable String effectKey) {
    return new ToolSpec(
        owner,
        name,
        version,
        description,
        Json.parse(schema),
        effect,
        effectKey,
        false,
        Duration.ofMinutes(1),
        List.of());
  }
}
