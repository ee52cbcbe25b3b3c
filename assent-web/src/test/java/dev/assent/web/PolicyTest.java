package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.policy.LivePolicy;
import dev.assent.policy.ShadowPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The rules over HTTP. */
class PolicyTest {
  private static final String FILE =
      """
      assent: policy/1
      name: finance
      version: 7
      default-approvers: 1 of role approver
      otherwise: allow
      rules:
        - id: exact
          tools: pay
          when: arguments.amount > 9007199254740992
          then: {require: {approvers: 2 of role finance, deadline: 8h}}
        - id: blocked
          when: arguments.?vendor.orValue("") == "Mallory"
          then: {deny: Blocked.}
      """;

  @TempDir Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private TestingServer server;

  @BeforeEach
  void start() throws IOException {
    Path file = Files.writeString(folder.resolve("policy.yaml"), FILE);
    LivePolicy live = LivePolicy.open(file, id -> Optional.empty());
    server = new TestingServer(live, new ShadowPolicy(live, live::current));
    server.add("root", Roles.ADMIN);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Map<String, Object> call(Object arguments) {
    return Map.of("agent", "bot", "tool", "pay", "arguments", arguments);
  }

  @Test
  void aDryRunSaysWhatWouldBeAskedOfWhom() {
    JsonNode tried =
        server
            .as("root")
            .post("/policy/dry-run", call(Map.of("amount", 9007199254740993L)))
            .mustBe(200)
            .json();

    assertThat(tried.get("outcome").asString()).isEqualTo("require");
    assertThat(tried.at("/policy/version").asInt()).isEqualTo(7);
    assertThat(tried.at("/fired/0/rule").asString()).isEqualTo("exact");
    assertThat(tried.at("/terms/approvers/0").asString()).isEqualTo("2 of role finance");
    assertThat(tried.at("/terms/deadline").asString()).isEqualTo("PT8H");
  }

  @Test
  @Tag("C15")
  void onlyAnAdminTriesAndLooks() {
    Browser person = server.as("ada");
    Browser program = server.as("robot");

    person.post("/policy/dry-run", call(Map.of())).mustBe(403);
    program.post("/policy/dry-run", call(Map.of())).mustBe(403);
    person.get("/policy").mustBe(403);
    server.browser().get("/policy").mustBe(401);
  }

  @Test
  void aDraftIsTriedWithoutComingIntoForce() {
    Browser root = server.as("root");
    Map<String, Object> body =
        Map.of(
            "agent",
            "bot",
            "tool",
            "pay",
            "arguments",
            Map.of("amount", 1),
            "policy",
            FILE.replace("version: 7", "version: 8").replace("9007199254740992", "0"));

    JsonNode tried = root.post("/policy/dry-run", body).mustBe(200).json();

    assertThat(tried.at("/policy/version").asInt()).isEqualTo(8);
    assertThat(tried.at("/fired/0/rule").asString()).isEqualTo("exact");
    assertThat(root.get("/policy").mustBe(200).json().at("/policy/version").asInt()).isEqualTo(7);
  }

  @Test
  @Tag("X54")
  void aDraftThatCannotBeUsedSaysEverythingThatIsWrong() {
    JsonNode problem =
        server
            .as("root")
            .post(
                "/policy/dry-run",
                Map.of(
                    "agent", "bot", "tool", "pay", "arguments", Map.of(), "policy", "rules: 5\n"))
            .mustBe(422)
            .json();

    assertThat(problem.get("type").asString()).isEqualTo("/problems/invalid-policy");
    assertThat(problem.get("problems").size()).isGreaterThan(3);
  }

  @Test
  void whatDoesNotExistIsNotTried() {
    Browser root = server.as("root");

    root.post("/policy/dry-run", Map.of("agent", "x", "tool", "pay", "arguments", Map.of()))
        .mustBe(404);
    root.post("/policy/dry-run", Map.of("agent", "bot", "tool", "x", "arguments", Map.of()))
        .mustBe(404);
    root.post("/policy/dry-run", Map.of("agent", "bot", "tool", "pay", "arguments", 5)).mustBe(400);
  }

  @Test
  void withoutAFileOfRulesItSaysSo() {
    try (TestingServer plain = new TestingServer()) {
      plain.add("root", Roles.ADMIN);

      plain.as("root").get("/policy").mustBe(404);
    }
  }
}
