package dev.assent.web;

import dev.assent.core.AssentException;
import dev.assent.core.Principal;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunCard;
import dev.assent.runtime.RunRequest;
import java.util.ArrayList;
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
    return view(card);
  }

  private RunView view(RunCard card) {
    return RunView.inList(card, erased(card), people);
  }

  /** When what it held was destroyed; absent while it is there. */
  private @Nullable ErasedView erased(RunCard card) {
    Store.StoredRun run = card.run();
    return run.state().end() == null
        ? null
        : assent
            .erasure(run.state().session(), run.updatedAt())
            .map(erasure -> ErasedView.of(erasure, people))
            .orElse(null);
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
    List<RunId> rows =
        assent
            .store()
            .runIds(
                assent.tenant(),
                Wanted.oneOf(RunStatus.class, "status", status),
                agent == null || agent.isEmpty() ? null : agent,
                most + 1,
                after == null || after.isEmpty() ? null : Wanted.run(after));
    List<RunId> shown = rows.subList(0, Math.min(most, rows.size()));
    List<RunView> items = new ArrayList<>();
    List<PageView.Missing> missing = new ArrayList<>();
    for (RunId id : shown) {
      try {
        items.add(view(assent.runCard(id)));
      } catch (AssentException e) {
        missing.add(new PageView.Missing(id.value(), e.code()));
      }
    }
    return new PageView<>(
        items, rows.size() > most ? shown.getLast().value() : null, null, missing);
  }

  @GetMapping("/runs/{id}")
  RunView run(@PathVariable String id) {
    RunCard card = assent.runCard(Wanted.run(id));
    return RunView.whole(card, erased(card), people);
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
    return view(assent.runCard(run));
  }

  @PostMapping("/runs/{id}/messages")
  @ResponseStatus(HttpStatus.ACCEPTED)
  RunView say(@PathVariable String id, @RequestBody Say body, LoggedIn login) {
    RunId run = Wanted.run(id);
    checkMessage(body.message());
    ownOfService(run, login, "A service says something to its own runs only.");
    refuseFinished(run);
    assent.say(run, body.message());
    return view(assent.runCard(run));
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
