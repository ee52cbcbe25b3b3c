package dev.assent.web;

import dev.assent.core.Principal;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.spi.Store.StoredRun;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunCard;
import dev.assent.runtime.RunRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Starting, seeing and cancelling runs. */
@RestController
@RequestMapping(ApiPaths.V1)
final class RunController {
  private static final int LONGEST_MESSAGE = 200_000;
  private static final int MOST_LABELS = 20;
  private static final int LONGEST_LABEL = 200;

  private final Assent assent;
  private final People people;

  RunController(Assent assent) {
    this.assent = assent;
    this.people = new People(assent.directory());
  }

  record Start(String message, @Nullable String session, Map<String, String> labels) {}

  record Say(String message) {}

  /** Nothing: the body is read so that a member, which would be lost, is refused. */
  record Cancel() {}

  @PostMapping("/agents/{agent}/runs")
  @ResponseStatus(HttpStatus.ACCEPTED)
  RunView start(
      @PathVariable String agent,
      @RequestBody Start body,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      LoggedIn login) {
    checkMessage(body.message());
    check(body);
    String name = Wanted.name("Idempotency-Key", key);
    RunId run =
        assent.submit(
            new RunRequest(
                agent,
                body.message(),
                Wanted.name("session", body.session()),
                login.getName(),
                body.labels(),
                name == null ? null : login.getName() + " " + name));
    RunCard card = assent.runCard(run);
    if (name != null && !saysTheSame(card, body)) {
      throw Problem.of(
              422,
              "idempotency-key-reused",
              "This key was used for another run",
              "Choose a new key for each run.")
          .with("run", run.value())
          .exception();
    }
    return RunView.inList(card, people);
  }

  private static void checkMessage(String message) {
    if (message.isBlank() || message.length() > LONGEST_MESSAGE) {
      throw Wanted.invalid("message", "has 1 to " + LONGEST_MESSAGE + " characters");
    }
  }

  private static void check(Start body) {
    if (body.labels().size() > MOST_LABELS
        || body.labels().entrySet().stream()
            .anyMatch(
                label ->
                    label.getKey().length() > LONGEST_LABEL
                        || label.getValue().length() > LONGEST_LABEL)) {
      throw Wanted.invalid(
          "labels", "are at most " + MOST_LABELS + " of " + LONGEST_LABEL + " characters");
    }
  }

  /** The runtime compares the message; the rest is ours. */
  private static boolean saysTheSame(RunCard card, Start body) {
    boolean sameSession =
        body.session() == null || body.session().equals(card.run().state().session());
    return sameSession && card.run().labels().equals(body.labels());
  }

  @GetMapping("/runs")
  PageView<RunView> runs(
      @RequestParam(required = false) @Nullable String status,
      @RequestParam(required = false) @Nullable String agent,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String after) {
    int most = Wanted.limit(limit);
    List<StoredRun> rows =
        assent
            .store()
            .runs(
                assent.tenant(),
                Wanted.oneOf(RunStatus.class, "status", status),
                agent == null || agent.isEmpty() ? null : agent,
                most + 1,
                after == null || after.isEmpty() ? null : Wanted.run(after));
    List<StoredRun> shown = rows.subList(0, Math.min(most, rows.size()));
    return new PageView<>(
        shown.stream()
            .map(run -> RunView.inList(assent.runCard(run.state().id()), people))
            .toList(),
        rows.size() > most ? shown.getLast().state().id().value() : null,
        null);
  }

  @GetMapping("/runs/{id}")
  RunView run(@PathVariable String id) {
    return RunView.whole(assent.runCard(Wanted.run(id)), people);
  }

  @PostMapping("/runs/{id}/cancel")
  @ResponseStatus(HttpStatus.ACCEPTED)
  RunView cancel(
      @PathVariable String id,
      @RequestBody(required = false) @Nullable Cancel body,
      LoggedIn login) {
    RunId run = Wanted.run(id);
    ownOfService(run, login, "A service cancels only its own runs.");
    if (!assent.cancel(run, login.getName())) {
      refuseFinished(run);
    }
    return RunView.inList(assent.runCard(run), people);
  }

  @PostMapping("/runs/{id}/messages")
  @ResponseStatus(HttpStatus.ACCEPTED)
  RunView say(@PathVariable String id, @RequestBody Say body, LoggedIn login) {
    RunId run = Wanted.run(id);
    checkMessage(body.message());
    ownOfService(run, login, "A service says something to its own runs only.");
    refuseFinished(run);
    assent.say(run, body.message());
    return RunView.inList(assent.runCard(run), people);
  }

  private void ownOfService(RunId run, LoggedIn login, String otherwise) {
    RunCard card = assent.runCard(run);
    if (login.principal().kind() == Principal.Kind.SERVICE
        && !card.run().requester().equals(login.getName())) {
      throw Problem.of(403, "forbidden", "You may not do that", otherwise).exception();
    }
  }

  private void refuseFinished(RunId run) {
    RunCard now = assent.runCard(run);
    if (now.run().state().end() != null) {
      throw Problem.of(409, "run-finished", "The run has already finished", "")
          .with("runStatus", now.run().state().status())
          .exception();
    }
  }
}
