package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Effect;
import dev.assent.core.Param;
import dev.assent.core.Principal;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.ToolContext;
import dev.assent.server.AssentServer;
import dev.assent.server.ServerOptions;
import dev.assent.testkit.ScriptedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import tools.jackson.databind.JsonNode;

/** Five hundred secrets go through a server; none is left where somebody might look. */
@Timeout(300)
@ResourceLock(Resources.SYSTEM_OUT)
class PlantedSecretsTest {
  private static final int RUNS = 100;
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  @TempDir Path folder;
  private final List<String> planted = new ArrayList<>();
  private final List<String> served = new ArrayList<>();
  private final Queue<String> results = new ConcurrentLinkedQueue<>();
  private final Queue<String> heard = new ConcurrentLinkedQueue<>();

  /** What the tool was given has to be the secret itself. */
  final class Vault {
    @Tool(value = "Opens the vault", effect = Effect.AT_MOST_ONCE)
    @RequiresApproval(summary = "Open with {code} and {note}")
    String open(ToolContext context, @Param(secret = true) String code, String note) {
      heard.add(code);
      heard.add(note);
      heard.add(context.askSecret("The word of the day?"));
      return "It is open; the next key is " + results.remove();
    }
  }

  private static String random(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  private String plant(String secret) {
    planted.add(secret);
    return secret;
  }

  /** A secret by its looks. */
  private String shaped(Random random) {
    return plant(
        switch (random.nextInt(6)) {
          case 0 -> "AKIA" + random(random, 16).toUpperCase(java.util.Locale.ROOT);
          case 1 -> "ghp_" + random(random, 36);
          case 2 -> "sk_live_" + random(random, 24);
          case 3 -> "xoxb-" + random(random, 30);
          case 4 ->
              "eyJ" + random(random, 20) + "." + random(random, 40) + "." + random(random, 40);
          default -> "npm_" + random(random, 36);
        });
  }

  private static JsonNode waiting(ApiSession session, String run, String kind) throws Exception {
    for (int i = 0; i < 1_000; i++) {
      for (JsonNode item :
          session.get("/requirements?status=PENDING&run=" + run + "&kind=" + kind).get("items")) {
        return session.get("/requirements/" + item.get("id").asString());
      }
      LockSupport.parkNanos(5_000_000); // The next look; nothing depends on how long it takes.
    }
    throw new AssertionError("run " + run + " asks for no " + kind);
  }

  private static Map<String, Object> decision(JsonNode shown, String verdict) {
    Map<String, Object> body = new java.util.HashMap<>();
    body.put("version", shown.get("version").asInt());
    body.put("digest", shown.get("digest").asString());
    body.put("verdict", verdict);
    return body;
  }

  @Test
  @Tag("X72")
  void noneOfFiveHundredSecretsIsLeftAnywhere() throws Exception {
    long seed = Long.getLong("assent.seed", 20261121L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    ScriptedModel model = ScriptedModel.inOrder();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Path data = folder.resolve("data");
    KnownPeople.in(
        data,
        Principal.person(InboxServer.NAME, ServerOptions.DEFAULT_ROLES.toArray(String[]::new)));
    try (LogLines log = LogLines.of("ROOT")) {
      AssentServer server = start(data, model, said);
      try (server) {
        ApiSession session = new ApiSession(server.url());
        session.logIn(InboxServer.NAME, InboxServer.CHOSEN);
        for (int i = 0; i < RUNS; i++) {
          play(session, model, random);
        }
        assertThat(planted).hasSize(5 * RUNS).doesNotHaveDuplicates();
        assertThat(Set.copyOf(heard)).as("the tool gets what is hidden").hasSize(3 * RUNS);
        for (String path :
            List.of(
                "/requirements?limit=200",
                "/runs?limit=200",
                "/decisions",
                "/decisions?format=csv",
                "/audit/export",
                "/audit/export?format=csv",
                "/approvals/report?format=csv")) {
          served.add(session.text(path));
        }
        scan(data);
      }
      served.addAll(log.lines());
      assertThat(said.toString(StandardCharsets.UTF_8)).contains("ready on");
      served.add(said.toString(StandardCharsets.UTF_8));
      for (String secret : planted) {
        assertThat(served).noneMatch(text -> text.contains(secret));
      }
      scan(data);
    }
  }

  private AssentServer start(Path data, ScriptedModel model, ByteArrayOutputStream said) {
    PrintStream before = System.out;
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      return AssentServer.start(
          ServerOptions.in(data).onPort(0),
          Agent.named("finance_bot").model(model).tools(new Vault()).build());
    } finally {
      System.setOut(before);
    }
  }

  private void play(ApiSession session, ScriptedModel model, Random random) throws Exception {
    String code = plant("kolibri " + random(random, 12));
    String note = shaped(random);
    String word = plant("swordfish-" + random(random, 9));
    results.add(shaped(random));
    model
        .replies(
            "I use " + shaped(random) + " and " + code + " now.",
            ScriptedModel.call("open", Map.of("code", code, "note", note)))
        .says("Done with " + note + " and " + code);
    String run = session.run("Open it, please");

    JsonNode approval = waiting(session, run, "APPROVAL");
    served.add(approval.toString());
    served.add(
        session
            .post(
                "/requirements/" + approval.get("id").asString() + "/resolution",
                decision(approval, "APPROVE"))
            .toString());
    JsonNode question = waiting(session, run, "USER_INPUT");
    Map<String, Object> answer = decision(question, "ANSWER");
    answer.put("value", Map.of("answer", word));
    served.add(
        session
            .post("/requirements/" + question.get("id").asString() + "/resolution", answer)
            .toString());
    served.add(session.updates(run, "?until=END", "0.0").toString());
    served.add(session.get("/runs/" + run).toString());
  }

  /** Every file of the folder but the key itself. */
  private void scan(Path data) throws IOException {
    List<Path> files;
    try (var found = Files.walk(data)) {
      files =
          found
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().equals("assent.key"))
              .toList();
    }
    assertThat(files).extracting(file -> file.getFileName().toString()).contains("assent.db");
    for (Path file : files) {
      String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      for (String secret : planted) {
        assertThat(bytes.contains(secret)).as("%s in %s", secret, file).isFalse();
      }
    }
  }
}
