package dev.assent.web;

import dev.assent.core.GrantId;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Standing permissions: listed and taken back. They are given with a resolution only. */
@RestController
@RequestMapping(ApiPaths.V1 + "/grants")
final class GrantController {
  private final Assent assent;

  GrantController(Assent assent) {
    this.assent = assent;
  }

  @GetMapping
  PageView<GrantView> grants(
      @RequestParam(required = false) @Nullable String tool,
      @RequestParam(required = false, defaultValue = "false") boolean live,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String after,
      LoggedIn login) {
    Viewer viewer = viewer(login);
    int most = Wanted.limit(limit);
    List<Store.StoredGrant> found =
        assent.grants(
            new Store.GrantQuery(
                tool == null || tool.isEmpty() ? null : tool,
                live ? viewer.now() : null,
                most + 1,
                after == null || after.isEmpty() ? null : Wanted.grant(after)));
    boolean more = found.size() > most;
    List<GrantView> items =
        found.stream().limit(most).map(each -> GrantView.of(each, assent, viewer)).toList();
    return new PageView<>(items, more ? items.getLast().id() : null, null);
  }

  @GetMapping("/{id}")
  GrantView grant(@PathVariable String id, LoggedIn login) {
    return view(Wanted.grant(id), login);
  }

  @PostMapping("/{id}/revoke")
  GrantView revoke(@PathVariable String id, LoggedIn login) {
    GrantId grant = Wanted.grant(id);
    assent.revokeGrant(grant, login.principal());
    return view(grant, login);
  }

  private GrantView view(GrantId id, LoggedIn login) {
    return assent
        .grant(id)
        .map(
            grant ->
                GrantView.of(
                    new Store.StoredGrant(id, grant.tool(), grant, null), assent, viewer(login)))
        .orElseThrow(
            () -> Problem.of(404, "unknown-grant", "There is no such grant", "").exception());
  }

  private Viewer viewer(LoggedIn login) {
    return new Viewer(
        login.principal(),
        assent.authority(),
        new People(assent.directory()),
        assent.store().now());
  }
}
