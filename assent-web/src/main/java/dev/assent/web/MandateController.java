package dev.assent.web;

import dev.assent.core.Mandate;
import dev.assent.core.Principal;
import dev.assent.core.Risk;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.MandateScope;
import dev.assent.runtime.Mandates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Who decides for whom: given, listed and taken back; break-glass, too. */
@RestController
@RequestMapping(ApiPaths.V1 + "/mandates")
final class MandateController {
  private final Assent assent;
  private final Mandates mandates;

  MandateController(Assent assent) {
    this.assent = assent;
    this.mandates = assent.mandates();
  }

  /**
   * What is wanted. Immutable.
   *
   * @param giver account of who is away; absent means oneself
   * @param to account of who decides; absent for break-glass
   * @param tools empty means all
   * @param highest absent means any risk
   * @param requirement only for this one; absent means for all
   * @param begins absent means now
   * @param ends until when; of break-glass {@code minutes} says it
   * @param minutes of break-glass only; absent means 15
   */
  record Wish(
      Mandate.Kind kind,
      @Nullable String giver,
      @Nullable String to,
      List<String> tools,
      @Nullable Risk highest,
      @Nullable String requirement,
      @Nullable Instant begins,
      @Nullable Instant ends,
      @Nullable Integer minutes,
      @Nullable String reason) {

    MandateScope scope() {
      return new MandateScope(
          tools,
          Objects.requireNonNullElse(highest, Risk.HIGH),
          requirement == null ? null : Wanted.requirement(requirement));
    }
  }

  @GetMapping
  PageView<MandateView> mandates(
      @RequestParam(required = false) @Nullable String holder,
      @RequestParam(required = false, defaultValue = "false") boolean live,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String after,
      LoggedIn login) {
    Viewer viewer = viewer(login);
    int most = Wanted.limit(limit);
    List<Store.StoredMandate> found =
        mandates.list(
            new Store.MandateQuery(
                holder == null || holder.isEmpty() ? null : holder,
                live ? viewer.now() : null,
                most + 1,
                after == null || after.isEmpty() ? null : Wanted.mandate(after)));
    boolean more = found.size() > most;
    List<MandateView> items =
        found.stream().limit(most).map(each -> MandateView.of(each, mandates, viewer)).toList();
    return new PageView<>(items, more ? items.getLast().id() : null, null);
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  MandateView give(@RequestBody Wish body, LoggedIn login) {
    return MandateView.of(given(body, login.principal()), mandates, viewer(login));
  }

  private Mandate given(Wish wish, Principal by) {
    boolean glass = wish.kind() == Mandate.Kind.BREAK_GLASS;
    String reason = Objects.requireNonNullElse(wish.reason(), "");
    if (glass) {
      only(wish.giver() == null && wish.to() == null, "break-glass is opened for oneself");
      only(
          wish.begins() == null && wish.ends() == null,
          "break-glass begins now, and 'minutes' says for how long");
      Integer minutes = wish.minutes();
      return mandates.breakGlass(
          wish.scope(), reason, minutes == null ? null : Duration.ofMinutes(minutes), by);
    }
    String to = wish.to();
    Instant ends = wish.ends();
    only(wish.minutes() == null, "'minutes' is of break-glass only");
    if (to == null || ends == null) {
      throw invalid("a mandate names in 'to' who decides, and in 'ends' until when");
    }
    if (wish.kind() == Mandate.Kind.DELEGATION) {
      only(
          wish.giver() == null || wish.giver().equals(by.id()),
          "one delegates one's own authority only; for somebody who is away choose OUT_OF_OFFICE");
      return mandates.delegate(to, wish.scope(), wish.begins(), ends, reason, by);
    }
    String giver = Objects.requireNonNullElse(wish.giver(), by.id());
    return mandates.away(giver, to, wish.scope(), wish.begins(), ends, reason, by);
  }

  @PostMapping("/{id}/revoke")
  MandateView revoke(@PathVariable String id, LoggedIn login) {
    Mandate revoked = mandates.revoke(Wanted.mandate(id), login.principal());
    return MandateView.of(revoked, mandates, viewer(login));
  }

  private static void only(boolean so, String otherwise) {
    if (!so) {
      throw invalid(otherwise);
    }
  }

  private static ProblemException invalid(String why) {
    return Problem.of(422, "invalid-mandate", "That cannot be a mandate", why).exception();
  }

  private Viewer viewer(LoggedIn login) {
    return new Viewer(
        login.principal(),
        assent.authority(),
        new People(assent.directory()),
        assent.store().now());
  }
}
