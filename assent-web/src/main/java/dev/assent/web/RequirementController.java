package dev.assent.web;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Attached;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.Reveal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Listing, seeing and resolving requirements. */
@RestController
@RequestMapping(ApiPaths.V1 + "/requirements")
final class RequirementController {
  private final Assent assent;
  private final RequirementSearch search;
  private final Outcomes outcomes;

  RequirementController(Assent assent) {
    this.assent = assent;
    this.search = new RequirementSearch(assent);
    this.outcomes = new Outcomes(new People(assent.directory()));
  }

  @GetMapping
  PageView<SummaryView> requirements(
      RequirementSearch.Query query,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String after,
      LoggedIn login) {
    return search.page(query, Wanted.limit(limit), after, viewer(login));
  }

  @GetMapping("/{id}")
  RequirementView requirement(@PathVariable String id, LoggedIn login) {
    return view(Wanted.requirement(id), login);
  }

  /**
   * An attachment of what is asked, to be saved: never anything that a browser shows or runs. What
   * is hidden in it, and from whom, is a matter of the runtime.
   */
  @GetMapping("/{id}/attachments/{number}")
  ResponseEntity<byte[]> attachment(
      @PathVariable String id, @PathVariable String number, LoggedIn login) {
    Attached found =
        assent
            .attachment(Wanted.requirement(id), number(number), login.principal())
            .orElseThrow(
                () ->
                    Problem.of(
                            404,
                            "unknown-attachment",
                            "There is no such attachment",
                            "It was erased, or the request changed: look at it again.")
                        .exception());
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment()
                .filename(found.name(), StandardCharsets.UTF_8)
                .build()
                .toString())
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", "default-src 'none'; sandbox")
        .header(
            "Repr-Digest",
            "sha-256=:"
                + Base64.getEncoder().encodeToString(Digest.sha256(found.content()).bytes())
                + ":")
        .body(found.content());
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
  }

  /** Nothing: which version is revealed, the answer says. */
  record RevealBody() {}

  /** What is hidden, for who may decide it; that is written down before anything is sent. */
  @PostMapping("/{id}/reveal")
  RequirementView reveal(
      @PathVariable String id,
      @RequestBody(required = false) @Nullable RevealBody body,
      LoggedIn login) {
    RequirementId requirement = Wanted.requirement(id);
    if (assent.card(requirement).isEmpty()) {
      throw unknown();
    }
    return switch (assent.reveal(requirement, login.principal())) {
      case Reveal.Shown shown -> view(shown.card(), login);
      case Reveal.Refused refused ->
          throw Problem.of(403, "not-entitled", "You are not shown this", refused.why())
              .exception();
    };
  }

  @PostMapping("/{id}/resolution")
  RequirementView resolve(
      @PathVariable String id,
      @RequestBody Resolution body,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      LoggedIn login) {
    RequirementId requirement = Wanted.requirement(id);
    String name = Wanted.name("Idempotency-Key", key);
    if (name == null) {
      throw Problem.of(
              428,
              "idempotency-key-required",
              "An Idempotency-Key is required",
              "Send a new random one with each decision, the same one when you repeat it.")
          .exception();
    }
    body.check();
    DecisionRequest request =
        body.request(
            name, () -> assent.card(requirement).orElseThrow(RequirementController::unknown));
    outcomes.refuse(assent.decide(requirement, request, body.others(), login.principal()));
    return view(requirement, login);
  }

  @PostMapping("/{id}/grant-offer")
  OfferView offer(@PathVariable String id, @RequestBody OfferView.Wish body, LoggedIn login) {
    RequirementId requirement = Wanted.requirement(id);
    RequirementCard card = assent.card(requirement).orElseThrow(RequirementController::unknown);
    return OfferView.of(
        assent.grantOffer(requirement, body.scope(), login.principal()), card::shown);
  }

  /**
   * For how long, and for whom. Immutable.
   *
   * @param minutes absent means 15
   */
  record Lease(@Nullable Integer minutes) {
    Duration time() {
      return Duration.ofMinutes(minutes == null ? 15 : minutes);
    }
  }

  /**
   * Who sees to it from now on. Immutable.
   *
   * @param to id of an account
   * @param minutes absent means a day
   * @param withAuthority true to let them decide it with one's own authority, by a mandate for it
   *     alone; absent means false
   */
  record Assignment(String to, @Nullable Integer minutes, @Nullable Boolean withAuthority) {
    Duration time() {
      return minutes == null ? Duration.ofDays(1) : Duration.ofMinutes(minutes);
    }
  }

  @PostMapping("/{id}/claim")
  RequirementView claim(@PathVariable String id, @RequestBody Lease body, LoggedIn login) {
    RequirementId requirement = Wanted.requirement(id);
    outcomes.refuse(assent.claim(login.principal(), known(requirement), body.time()));
    return view(requirement, login);
  }

  @PostMapping("/{id}/delegate")
  RequirementView delegate(@PathVariable String id, @RequestBody Assignment body, LoggedIn login) {
    RequirementId requirement = known(Wanted.requirement(id));
    outcomes.refuse(
        Boolean.TRUE.equals(body.withAuthority())
            ? assent.assignWithAuthority(login.principal(), requirement, body.to(), body.time())
            : assent.assign(login.principal(), requirement, body.to(), body.time()));
    return view(requirement, login);
  }

  @PostMapping("/{id}/release")
  RequirementView release(@PathVariable String id, LoggedIn login) {
    RequirementId requirement = Wanted.requirement(id);
    outcomes.refuse(assent.release(login.principal(), known(requirement)));
    return view(requirement, login);
  }

  private RequirementId known(RequirementId id) {
    if (assent.card(id).isEmpty()) {
      throw unknown();
    }
    return id;
  }

  private RequirementView view(RequirementId id, LoggedIn login) {
    return assent
        .card(id)
        .map(card -> view(card, login))
        .orElseThrow(RequirementController::unknown);
  }

  /** Who looks is written down first. */
  private RequirementView view(RequirementCard card, LoggedIn login) {
    assent.seen(card.requirement(), login.principal());
    Viewer viewer = viewer(login);
    return RequirementView.of(
        card,
        assent.sights(card.requirement().id()),
        erased(card.requirement(), viewer.people()),
        viewer,
        assent.alike(card.requirement()));
  }

  private @Nullable ErasedView erased(Requirement requirement, People people) {
    Instant closed = requirement.closedAt();
    return closed == null
        ? null
        : assent
            .erasure(requirement.session(), closed)
            .map(erasure -> ErasedView.of(erasure, people))
            .orElse(null);
  }

  private static ProblemException unknown() {
    return Problem.of(404, "unknown-requirement", "There is no such requirement", "").exception();
  }

  private Viewer viewer(LoggedIn login) {
    return new Viewer(
        login.principal(),
        assent.authority(),
        new People(assent.directory()),
        assent.store().now());
  }
}
