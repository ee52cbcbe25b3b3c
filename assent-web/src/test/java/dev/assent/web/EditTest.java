package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EditTest {
  private TestingServer server;
  private Browser ada;
  private Browser grace;
  private Browser alan;

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
    grace = server.as("grace");
    alan = server.as("alan");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static Map<String, Object> patch(JsonNode shown, String operations) {
    return Said.with(Said.verdict(shown, "EDIT"), "patch", Browser.JSON.readTree(operations));
  }

  private JsonNode now(JsonNode shown) {
    return ada.get("/requirements/" + Said.id(shown)).mustBe(200).json();
  }

  @Test
  @Tag("X48")
  @Tag("X26")
  @DisplayName("an edit of one argument leaves every digit of its neighbour")
  void neighbourKeepsItsDigits() {
    JsonNode shown = alan.pending("pay", "{\"amount\":9007199254740993,\"vendor\":\"Acme\"}");

    JsonNode edited =
        grace
            .resolve(
                Said.id(shown),
                patch(shown, "[{\"op\":\"replace\",\"path\":\"/vendor\",\"value\":\"Beta\"}]"),
                "edit")
            .mustBe(200)
            .json();

    assertThat(edited.get("status").asString()).isEqualTo("PENDING");
    assertThat(edited.get("version").asInt()).isEqualTo(2);
    assertThat(edited.get("digest").asString()).isNotEqualTo(shown.get("digest").asString());
    assertThat(edited.get("arguments").get("canonical").asString())
        .isEqualTo("{\"amount\":9007199254740993,\"vendor\":\"Beta\"}");
    JsonNode edit = edited.get("edit");
    assertThat(edit.get("by").get("name").asString()).isEqualTo("grace");
    assertThat(edit.get("proposed").get("canonical").asString())
        .isEqualTo("{\"amount\":9007199254740993,\"vendor\":\"Acme\"}");
    assertThat(edit.get("changes").toString())
        .isEqualTo(
            "[{\"path\":\"/vendor\",\"before\":[{\"text\":\"Acme\"}],"
                + "\"after\":[{\"text\":\"Beta\"}]}]");

    // The editor does not approve what they wrote; somebody else does, what they were shown.
    assertThat(edited.get("mayDecide").asBoolean()).isFalse();
    assertThat(grace.resolve(Said.id(shown), Said.verdict(edited, "APPROVE")).mustBe(403).problem())
        .isEqualTo("not-entitled");
    assertThat(ada.resolve(Said.id(shown), Said.verdict(shown, "APPROVE")).mustBe(409).problem())
        .isEqualTo("stale-version");
    // The same edit again is that edit, though the arguments are others now.
    grace
        .resolve(
            Said.id(shown),
            patch(shown, "[{\"op\":\"replace\",\"path\":\"/vendor\",\"value\":\"Beta\"}]"),
            "edit")
        .mustBe(200);
    ada.resolve(Said.id(shown), Said.verdict(now(shown), "APPROVE")).mustBe(200);

    alan.until(shown.get("run").asString(), "COMPLETED");
    assertThat(server.tools.executed).contains("pay 9007199254740993 Beta");
  }

  @Test
  @Tag("X48")
  @DisplayName("an edited number stays a number, exactly")
  void editedNumberStaysANumber() {
    JsonNode shown = alan.pending("pay", "{\"amount\":1,\"vendor\":\"exact\"}");

    JsonNode edited =
        grace
            .resolve(
                Said.id(shown),
                Said.value(shown, "EDIT", "{\"amount\":9007199254740993,\"vendor\":\"exact\"}"))
            .mustBe(200)
            .json();
    ada.resolve(Said.id(shown), Said.verdict(edited, "APPROVE")).mustBe(200);

    assertThat(edited.get("arguments").get("fields").get(0).get("type").asString())
        .isEqualTo("number");
    alan.until(shown.get("run").asString(), "COMPLETED");
    assertThat(server.tools.executed).contains("pay 9007199254740993 exact");
  }

  @Test
  @Tag("C6")
  @DisplayName("an edit that does not fit is an error with its place, and changes nothing")
  void editIsChecked() {
    JsonNode shown = alan.pending("pay", "{\"amount\":2,\"vendor\":\"checked\"}");

    Browser.Answer wrong =
        grace.resolve(
            Said.id(shown), Said.value(shown, "EDIT", "{\"amount\":\"two\",\"bonus\":1}"));
    assertThat(wrong.mustBe(422).problem()).isEqualTo("invalid-resolution");
    assertThat(wrong.json().get("errors").findValuesAsString("path"))
        .contains("/amount", "/vendor", "/bonus");
    for (String operations :
        List.of(
            "[{\"op\":\"replace\",\"path\":\"/nothing\",\"value\":1}]",
            "[{\"op\":\"explode\",\"path\":\"/amount\"}]",
            "[{\"op\":\"replace\",\"path\":\"amount\",\"value\":1}]",
            "[{\"op\":\"test\",\"path\":\"/amount\",\"value\":3}]",
            "[1]")) {
      Browser.Answer answer = grace.resolve(Said.id(shown), patch(shown, operations));
      assertThat(answer.mustBe(422).problem()).as(operations).isEqualTo("invalid-resolution");
      assertThat(answer.json().get("errors").findValuesAsString("member")).containsExactly("patch");
    }
    assertThat(
            grace
                .resolve(Said.id(shown), patch(shown, "[{\"op\":\"remove\",\"path\":\"/vendor\"}]"))
                .mustBe(422)
                .json()
                .get("errors")
                .findValuesAsString("path"))
        .containsExactly("/vendor");
    Map<String, Object> both = patch(shown, "[]");
    assertThat(
            grace.resolve(Said.id(shown), Said.with(both, "value", Map.of())).mustBe(422).problem())
        .isEqualTo("invalid-resolution");
    assertThat(grace.resolve(Said.id(shown), Said.verdict(shown, "EDIT")).mustBe(422).problem())
        .isEqualTo("invalid-resolution");
    assertThat(now(shown).get("version").asInt()).isEqualTo(1);
    assertThat(now(shown).get("edit").isNull()).isTrue();
  }

  @Test
  void editOfWhatIsNotShownAnyMore() {
    JsonNode shown = alan.pending("pay", "{\"amount\":3,\"vendor\":\"late\"}");
    grace
        .resolve(
            Said.id(shown), patch(shown, "[{\"op\":\"replace\",\"path\":\"/amount\",\"value\":4}]"))
        .mustBe(200);

    assertThat(
            ada.resolve(
                    Said.id(shown),
                    patch(shown, "[{\"op\":\"replace\",\"path\":\"/amount\",\"value\":5}]"))
                .mustBe(409)
                .problem())
        .isEqualTo("stale-version");
    assertThat(now(shown).get("arguments").get("canonical").asString()).contains("\"amount\":4");
  }

  @Test
  @Tag("X39")
  @DisplayName("who asked for the call does not edit it either")
  void requesterDoesNotEdit() {
    JsonNode shown = ada.pending("pay", "{\"amount\":5,\"vendor\":\"own\"}");

    assertThat(
            ada.resolve(
                    Said.id(shown),
                    patch(shown, "[{\"op\":\"replace\",\"path\":\"/amount\",\"value\":6}]"))
                .mustBe(403)
                .problem())
        .isEqualTo("not-entitled");
  }

  @Test
  void answerInsteadOfTheCall() {
    JsonNode shown = alan.pending("pay", "{\"amount\":6,\"vendor\":\"respond\"}");

    JsonNode after =
        grace
            .resolve(Said.id(shown), Said.value(shown, "RESPOND", "\"Ask me tomorrow\""))
            .mustBe(200)
            .json();

    assertThat(after.get("status").asString()).isEqualTo("REJECTED");
    assertThat(after.get("decisions").get(0).get("value").toString()).contains("Ask me tomorrow");
    assertThat(alan.until(shown.get("run").asString(), "COMPLETED").get("output").toString())
        .contains("Ask me tomorrow");
    assertThat(server.tools.executed).doesNotContain("pay 6 respond");
  }
}
