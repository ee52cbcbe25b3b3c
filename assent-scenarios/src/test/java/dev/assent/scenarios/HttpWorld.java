package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.assent.core.CallStatus;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.ToolCallId;
import dev.assent.core.Verdict;
import dev.assent.runtime.Agent;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.RunRequest;
import dev.assent.server.AssentServer;
import dev.assent.server.ServerOptions;
import dev.assent.testkit.ScenarioWorld;
import dev.assent.testkit.ScriptedPerson;
import dev.assent.testkit.SeenCall;
import dev.assent.testkit.SeenRun;
import dev.assent.web.Accounts;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A scenario behind the HTTP API of a server: the first account starts the runs, everybody decides
 * in a login of their own. Time is the machine's. What people look at comes from the process, what
 * they and the run do goes over the wire.
 */
final class HttpWorld implements ScenarioWorld {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AssentServer server;
  private final Map<String, ApiSession> logins = new HashMap<>();
  private final ApiSession starting;

  HttpWorld(Path data, List<Agent> agents, ScriptedPerson... people) {
    Principal first =
        Principal.person(Accounts.FIRST, ServerOptions.DEFAULT_ROLES.toArray(String[]::new));
    List<Principal> all =
        Stream.concat(Stream.of(first), Stream.of(people).map(ScriptedPerson::principal)).toList();
    KnownPeople.in(data, all.toArray(Principal[]::new));
    server = AssentServer.start(ServerOptions.in(data).onPort(0), agents.toArray(Agent[]::new));
    all.forEach(person -> logins.put(person.id(), login(person.id())));
    starting = logins.get(first.id());
  }

  private ApiSession login(String name) {
    ApiSession session = new ApiSession(server.url());
    session.logIn(name, KnownPeople.PASSWORD);
    return session;
  }

  @Override
  public RunId start(RunRequest request) {
    HttpResponse<String> response =
        starting.post(
            "/agents/" + request.agent() + "/runs",
            request.idempotencyKey(),
            Map.of("message", request.message()));
    return new RunId(ApiSession.succeeded(response).get("id").asString());
  }

  @Override
  public SeenRun rest(RunId run) {
    return await().atMost(PATIENCE).until(() -> see(run), seen -> rests(seen, shown(run)));
  }

  /** It has ended, or each call that waits for an answer has an open requirement. */
  private static boolean rests(SeenRun seen, JsonNode shown) {
    boolean answered =
        elements(shown.get("calls"))
            .anyMatch(
                call ->
                    call.get("status").asString().equals(CallStatus.GATED.name())
                        && !seen.waitsFor()
                            .contains(new RequirementId(call.get("requirement").asString())));
    boolean working = seen.calls().stream().anyMatch(call -> call.status() == CallStatus.EXECUTING);
    return seen.status().ended()
        || seen.status() == RunStatus.PAUSED && !seen.waitsFor().isEmpty() && !answered && !working;
  }

  private JsonNode shown(RunId run) {
    return starting.get("/runs/" + run.value());
  }

  @Override
  public SeenRun see(RunId run) {
    JsonNode shown = shown(run);
    JsonNode error = shown.get("error");
    boolean failed = error != null && !error.isNull();
    return new SeenRun(
        run,
        RunStatus.valueOf(shown.get("status").asString()),
        text(failed ? error.get("message") : shown.get("output")),
        failed ? error.get("code").asString() : null,
        elements(shown.get("calls")).map(HttpWorld::call).toList(),
        elements(shown.get("waitsFor")).map(id -> new RequirementId(id.asString())).toList(),
        List.of());
  }

  private static SeenCall call(JsonNode call) {
    JsonNode arguments = call.get("arguments");
    String result = text(call.get("result"));
    return new SeenCall(
        new ToolCallId(call.get("toolCallId").asString()),
        call.get("tool").asString(),
        CallStatus.valueOf(call.get("status").asString()),
        call.get("attempt").asInt(),
        arguments == null || arguments.isNull() ? null : arguments.get("canonical").asString(),
        result == null ? text(call.get("error")) : result,
        null);
  }

  private static String text(JsonNode pieces) {
    return pieces == null || pieces.isNull()
        ? null
        : elements(pieces)
            .map(piece -> piece.has("text") ? piece.get("text") : piece.get("hidden"))
            .map(JsonNode::asString)
            .collect(Collectors.joining());
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @Override
  public List<RequirementCard> open(RunId run) {
    return see(run).waitsFor().stream().map(id -> server.assent().card(id).orElseThrow()).toList();
  }

  @Override
  public Optional<String> decide(RequirementId id, DecisionRequest request, Principal by) {
    Map<String, Object> body = new HashMap<>();
    body.put("version", request.version());
    body.put("digest", request.digest().hex());
    body.put("verdict", request.verdict().name());
    if (request.words() != null) {
      body.put(request.verdict() == Verdict.HAPPENED ? "result" : "reason", request.words());
    }
    if (request.typed() != null) {
      body.put("typed", request.typed());
    }
    String value = request.value();
    if (value != null) {
      boolean object = request.verdict() == Verdict.ANSWER || request.verdict() == Verdict.EDIT;
      body.put("value", object ? JSON.readTree(value) : value);
    }
    HttpResponse<String> response =
        logins
            .get(by.id())
            .post("/requirements/" + id.value() + "/resolution", request.idempotencyKey(), body);
    return response.statusCode() == 200 ? Optional.empty() : Optional.of(response.body());
  }

  @Override
  public void cancel(RunId run, Principal by) {
    HttpResponse<String> response =
        logins.get(by.id()).post("/runs/" + run.value() + "/cancel", "cancel-" + run, Map.of());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
  }

  @Override
  public void poll() {
    server.assent().poll();
  }

  @Override
  public void close() {
    server.close();
  }
}
