package dev.assent.web;

import dev.assent.core.DecisionRequest;
import dev.assent.core.RequirementId;
import dev.assent.runtime.Assent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
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
    return OfferView.of(assent.grantOffer(Wanted.requirement(id), body.scope(), login.principal()));
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
   */
  record Assignment(String to, @Nullable Integer minutes) {
    Duration time() {
      return minutes == null ? Duration.ofDays(1) : Duration.ofMinutes(minutes);
    }
  }

  @PostMapping("/{id}/claim")
  RequirementView claim(@PathVariable String id, @RequestBody Lease body, LoggedIn login) {
    RequirementId requirement = Wanted.requirement(id);
    outcomes.refuse(() -> assent.claim(login.principal(), known(requirement), body.time()));
    return view(requirement, login);
  }

  @PostMapping("/{id}/delegate")
  RequirementView delegate(@PathVariable String id, @RequestBody Assignment body, LoggedIn login) {
    RequirementId requirement = Wanted.requirement(id);
    outcomes.refuse(
        () -> assent.assign(login.principal(), known(requirement), body.to(), body.time()));
    return view(requirement, login);
  }

  @PostMapping("/{id}/release")
  RequirementView release(@PathVariable String id, LoggedIn login) {
    RequirementId requirement = Wanted.requirement(id);
    outcomes.refuse(() -> assent.release(login.principal(), known(requirement)));
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
        .map(card -> RequirementView.of(card, viewer(login), assent.alike(card.requirement())))
        .orElseThrow(RequirementController::unknown);
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
