package dev.assent.web;

import dev.assent.core.LegalHold;
import dev.assent.runtime.Assent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Holding and erasing what sessions hold; for people with the role {@code admin}. */
@RestController
@RequestMapping(ApiPaths.V1)
final class KeepingController {
  private final Assent assent;
  private final People people;

  KeepingController(Assent assent) {
    this.assent = assent;
    this.people = new People(assent.directory());
  }

  /** One of session and run: a run means its session. */
  record Order(@Nullable String session, @Nullable String run, String why) {}

  /** One of session, run and person: a person means every session in which they started a run. */
  record Erase(@Nullable String session, @Nullable String run, @Nullable String person) {}

  record HoldView(String session, PersonView by, Instant at, List<Shown.Piece> why) {}

  record ErasedSessions(List<String> sessions, List<String> kept) {}

  @GetMapping("/holds")
  ListView<HoldView> holds(LoggedIn login) {
    Roles.admin(login);
    return new ListView<>(
        assent.holds().entrySet().stream()
            .map(
                entry -> {
                  LegalHold hold = entry.getKey();
                  return new HoldView(
                      Shown.name(hold.session()),
                      people.person(hold.by()),
                      hold.at(),
                      Shown.of(entry.getValue()));
                })
            .toList());
  }

  @PostMapping("/holds")
  ListView<HoldView> hold(@RequestBody Order body, LoggedIn login) {
    Roles.admin(login);
    if (!assent.hold(session(body.session(), body.run()), login.principal(), why(body))) {
      throw Problem.of(409, "already-held", "It is held already", "See GET /holds.").exception();
    }
    return holds(login);
  }

  @PostMapping("/holds/release")
  ListView<HoldView> release(@RequestBody Order body, LoggedIn login) {
    Roles.admin(login);
    if (!assent.release(session(body.session(), body.run()), login.principal(), why(body))) {
      throw Problem.of(409, "not-held", "It is not held", "See GET /holds.").exception();
    }
    return holds(login);
  }

  @PostMapping("/erasures")
  ErasedSessions erase(@RequestBody Erase body, LoggedIn login) {
    Roles.admin(login);
    String person = Wanted.name("person", body.person());
    if (person != null) {
      if (body.session() != null || body.run() != null) {
        throw Wanted.invalid("person", "stands alone");
      }
      Assent.Erased erased = assent.erasePerson(person, login.principal());
      return new ErasedSessions(erased.sessions(), erased.kept());
    }
    String session = session(body.session(), body.run());
    assent
        .erase(session, login.principal())
        .ifPresent(
            why -> {
              throw Problem.of(409, "not-erasable", "It cannot be erased now", why).exception();
            });
    return new ErasedSessions(List.of(session), List.of());
  }

  private String session(@Nullable String session, @Nullable String run) {
    if ((session == null) == (run == null)) {
      throw Wanted.invalid("session", "or a run is needed, one of them");
    }
    return run != null
        ? assent.runCard(Wanted.run(run)).run().state().session()
        : java.util.Objects.requireNonNull(Wanted.name("session", session));
  }

  private static String why(Order body) {
    if (body.why().isBlank() || body.why().length() > 2_000) {
      throw Wanted.invalid("why", "has 1 to 2000 characters");
    }
    return body.why();
  }
}
