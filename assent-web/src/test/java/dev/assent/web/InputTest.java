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
class InputTest {
  private TestingServer server;
  private Browser ada;

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private JsonNode now(JsonNode shown) {
    return ada.get("/requirements/" + Said.id(shown)).mustBe(200).json();
  }

  private String output(JsonNode shown) {
    return ada.until(shown.get("run").asString(), "COMPLETED").get("output").toString();
  }

  @Test
  @Tag("A1")
  @DisplayName("a question of a tool is shown and answered in text")
  void questionIsAnswered() {
    JsonNode shown = ada.pending("ask", "{}");

    assertThat(shown.get("kind").asString()).isEqualTo("USER_INPUT");
    assertThat(shown.get("summary").toString())
        .isEqualTo("[{\"text\":\"answer: What\"},{\"hidden\":\"U+202E\"},{\"text\":\" now?\"}]");
    JsonNode form = shown.get("form");
    assertThat(form.get("style").asString()).isEqualTo("TEXT");
    assertThat(form.get("prompt").toString()).contains("{\"hidden\":\"U+202E\"}");
    assertThat(form.get("fields").get(0).get("input").asString()).isEqualTo("TEXT");
    assertThat(shown.get("mayDecide").asBoolean()).as("who asked may be who answers").isTrue();

    JsonNode after =
        ada.resolve(Said.id(shown), Said.value(shown, "ANSWER", "{\"answer\":\"go\u202E\"}"))
            .mustBe(200)
            .json();

    assertThat(after.get("status").asString()).isEqualTo("RESOLVED");
    assertThat(after.get("decisions").get(0).get("value").toString()).contains("U+202E");
    assertThat(output(shown)).contains("said go");
  }

  @Test
  @Tag("A1")
  @DisplayName("a secret answer is never shown, not even to who gave it")
  void secretIsNeverShown() {
    String word = "hunter2-correct-horse";
    JsonNode shown = ada.pending("secret", "{}");
    assertThat(shown.get("form").get("secret").asBoolean()).isTrue();
    assertThat(shown.get("form").get("fields").get(0).get("secret").asBoolean()).isTrue();

    Browser.Answer answer =
        ada.resolve(
            Said.id(shown), Said.value(shown, "ANSWER", "{\"answer\":\"" + word + "\"}"), "s1");

    assertThat(answer.mustBe(200).body()).doesNotContain(word);
    assertThat(answer.json().get("decisions").get(0).get("value").isNull()).isTrue();
    assertThat(answer.json().get("decisions").get(0).get("hidden").asBoolean()).isTrue();
    assertThat(output(shown)).contains("logged in");
    assertThat(server.waiting.heard).contains(word);
    String run = shown.get("run").asString();
    for (String path :
        List.of(
            "/requirements/" + Said.id(shown),
            "/requirements?q=hunter2",
            "/runs/" + run,
            "/audit?run=" + run)) {
      assertThat(ada.get(path).mustBe(200).body()).as(path).doesNotContain(word);
    }
    ada.resolve(Said.id(shown), Said.value(shown, "ANSWER", "{\"answer\":\"" + word + "\"}"), "s1")
        .mustBe(200);
    assertThat(
            ada.resolve(Said.id(shown), Said.value(shown, "ANSWER", "{\"answer\":\"other\"}"), "s1")
                .mustBe(422)
                .problem())
        .isEqualTo("idempotency-key-reused");
  }

  @Test
  @Tag("A1")
  @DisplayName("what is wrong with a secret does not repeat it")
  void wrongSecretIsNotRepeated() {
    JsonNode shown = ada.pending("pin", "{}");

    Browser.Answer answer =
        ada.resolve(Said.id(shown), Said.value(shown, "ANSWER", "{\"pin\":\"hunter2\"}"));

    assertThat(answer.mustBe(422).problem()).isEqualTo("invalid-resolution");
    assertThat(answer.body()).doesNotContain("hunter2", "[0-9]{4}");
    assertThat(answer.json().get("errors").get(0).get("path").asString()).isEqualTo("/pin");
    assertThat(now(shown).get("status").asString()).isEqualTo("PENDING");
    ada.resolve(Said.id(shown), Said.value(shown, "ANSWER", "{\"pin\":\"4711\"}")).mustBe(200);
    assertThat(output(shown)).contains("unlocked");
  }

  @Test
  @Tag("C4")
  @DisplayName("one or several of the options, and nothing else")
  void choicesAreChecked() {
    JsonNode one = ada.pending("choose", "{}");
    assertThat(one.get("form").get("style").asString()).isEqualTo("CHOICE");
    JsonNode field = one.get("form").get("fields").get(0);
    assertThat(field.get("input").asString()).isEqualTo("CHOICE");
    assertThat(field.get("options").get(1).get("value").asString()).isEqualTo("\"green\"");

    Browser.Answer wrong =
        ada.resolve(Said.id(one), Said.value(one, "ANSWER", "{\"answer\":\"blue\"}"));
    assertThat(wrong.mustBe(422).json().get("errors").get(0).get("path").asString())
        .isEqualTo("/answer");
    ada.resolve(Said.id(one), Said.value(one, "ANSWER", "{\"answer\":\"green\"}")).mustBe(200);

    JsonNode several = next(one);
    assertThat(several.get("form").get("fields").get(0).get("input").asString())
        .isEqualTo("CHOICES");
    ada.resolve(Said.id(several), Said.value(several, "ANSWER", "{\"answer\":[\"a\",\"c\"]}"))
        .mustBe(200);
    assertThat(output(one)).contains("chose green[a, c]");
  }

  /** What the run asks next. */
  private JsonNode next(JsonNode before) {
    for (int i = 0; i < 400; i++) {
      JsonNode shown = ada.waiting(before.get("run").asString());
      if (!Said.id(shown).equals(Said.id(before))) {
        return shown;
      }
      Browser.pause();
    }
    throw new AssertionError("nothing else is asked");
  }

  @Test
  void anythingButYesDeclines() {
    JsonNode shown = ada.pending("confirm", "{}");
    assertThat(shown.get("form").get("style").asString()).isEqualTo("CONFIRM");

    ada.resolve(Said.id(shown), Said.value(shown, "ANSWER", "{\"answer\":\"maybe\"}")).mustBe(200);

    assertThat(output(shown)).contains("said false");
  }

  @Test
  void nobodyHasToAnswer() {
    JsonNode shown = ada.pending("ask", "{}");

    JsonNode after =
        ada.resolve(Said.id(shown), Said.with(Said.verdict(shown, "DECLINE"), "reason", "not mine"))
            .mustBe(200)
            .json();

    assertThat(after.get("status").asString()).isEqualTo("REJECTED");
    assertThat(output(shown)).contains("declined to answer");
  }

  @Test
  @Tag("C2")
  @Tag("X48")
  @DisplayName("fields are checked one by one, and a long number keeps its digits")
  void fieldsAreFilledIn() {
    JsonNode shown = ada.pending("book", "{\"city\":\"Oslo\"}");
    JsonNode fields = shown.get("form").get("fields");
    assertThat(fields.findValuesAsString("input"))
        .startsWith("INTEGER", "EMAIL", "DATE", "CHOICE", "CHOICES", "GROUP");
    assertThat(fields.get(0).get("maximum").asString()).isEqualTo("9007199254740993");
    assertThat(fields.get(1).get("description").toString()).contains("Where to write to");
    assertThat(fields.get(2).get("nullable").asBoolean()).isTrue();
    assertThat(fields.get(3).get("options").get(0).get("shown").toString()).contains("First");
    assertThat(fields.get(5).get("fields").get(0).get("required").asBoolean()).isTrue();
    assertThat(fields.get(6).get("input").asString()).isEqualTo("JSON");

    Browser.Answer wrong =
        ada.resolve(
            Said.id(shown),
            Said.value(
                shown,
                "ANSWER",
                "{\"seats\":0,\"day\":\"tomorrow\",\"class\":3,\"address\":{\"floor\":\"x\"},"
                    + "\"more\":1}"));
    assertThat(wrong.mustBe(422).problem()).isEqualTo("invalid-resolution");
    assertThat(wrong.json().get("errors").findValuesAsString("path"))
        .contains(
            "/seats", "/mail", "/day", "/class", "/address/street", "/address/floor", "/more");
    assertThat(wrong.json().get("errors").findValuesAsString("member")).containsOnly("value");
    assertThat(now(shown).get("decisions").isEmpty()).isTrue();

    ada.resolve(
            Said.id(shown),
            Said.value(
                shown,
                "ANSWER",
                "{\"seats\":9007199254740993,\"mail\":\"a@b.org\",\"day\":null,\"class\":2,"
                    + "\"meals\":[\"rice\"],\"address\":{\"street\":\"x\",\"floor\":3}}"))
        .mustBe(200);
    assertThat(output(shown)).contains("booked");
    assertThat(server.waiting.heard.getLast()).contains("9007199254740993").contains("Oslo");
  }

  @Test
  @Tag("C6")
  @Tag("X28")
  @DisplayName("a wrong kind of answer is an error and changes nothing")
  void wrongKindChangesNothing() {
    JsonNode shown = ada.pending("ask", "{}");
    List<Map<String, Object>> wrong =
        List.of(
            Said.verdict(shown, "APPROVE"),
            Said.verdict(shown, "REJECT"),
            Said.verdict(shown, "TAKE"),
            Said.verdict(shown, "ACCEPT"),
            Said.verdict(shown, "GIVE_UP"),
            Said.value(shown, "RESPOND", "\"x\""),
            Said.value(shown, "RESULT", "\"x\""),
            Said.value(shown, "REPLACE", "\"x\""),
            Said.value(shown, "EDIT", "{}"),
            Said.verdict(shown, "ANSWER"),
            Said.value(shown, "ANSWER", "\"text\""),
            Said.value(shown, "ANSWER", "{}"),
            Said.value(shown, "DECLINE", "{\"answer\":\"x\"}"),
            Said.with(Said.value(shown, "ANSWER", "{\"answer\":\"x\"}"), "patch", List.of()));

    for (Map<String, Object> body : wrong) {
      assertThat(ada.resolve(Said.id(shown), body).mustBe(422).problem())
          .as(body.toString())
          .isEqualTo("invalid-resolution");
    }
    assertThat(now(shown).get("version").asInt()).isEqualTo(1);
    assertThat(now(shown).get("decisions").isEmpty()).isTrue();
    assertThat(ada.get("/runs/" + shown.get("run").asString()).json().get("status").asString())
        .isEqualTo("PAUSED");
  }

  @Test
  @Tag("X14")
  @Tag("X15")
  @Tag("X62")
  @DisplayName("an answer goes to the question it names, whatever came before it")
  void answersGoToTheirQuestion() {
    JsonNode first = ada.pending("ask", "{}");
    JsonNode second = ada.pending("ask", "{}");

    ada.resolve(Said.id(second), Said.value(second, "ANSWER", "{\"answer\":\"two\"}"), "k")
        .mustBe(200);
    ada.resolve(Said.id(second), Said.value(second, "ANSWER", "{\"answer\":\"two\"}"), "k")
        .mustBe(200);
    assertThat(
            ada.resolve(Said.id(second), Said.value(second, "ANSWER", "{\"answer\":\"again\"}"))
                .mustBe(409)
                .problem())
        .isEqualTo("already-resolved");
    assertThat(now(first).get("status").asString()).isEqualTo("PENDING");
    assertThat(
            ada.resolve(
                    Said.id(first),
                    Said.with(
                        Said.value(first, "ANSWER", "{\"answer\":\"one\"}"),
                        "digest",
                        second.get("digest").asString()))
                .mustBe(409)
                .problem())
        .isEqualTo("digest-mismatch");
    ada.resolve(Said.id(first), Said.value(first, "ANSWER", "{\"answer\":\"one\"}")).mustBe(200);

    assertThat(output(first)).contains("said one");
    assertThat(output(second)).contains("said two");
  }

  @Test
  void listFindsEveryKind() {
    JsonNode shown = ada.pending("ask", "{}");

    JsonNode found =
        ada.get("/requirements?kind=USER_INPUT&run=" + shown.get("run").asString()).json();

    assertThat(found.get("total").asInt()).isEqualTo(1);
    assertThat(found.get("items").get(0).get("id").asString()).isEqualTo(Said.id(shown));
  }
}
