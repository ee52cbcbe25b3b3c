package dev.assent.web;

import dev.assent.core.Grant;
import dev.assent.core.GrantScope;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A standing permission as a person sees it. Immutable.
 *
 * @param problem why it cannot be relied on; then only id and tool are known
 * @param status where it stands; absent with a problem
 * @param text what it allows, as it was confirmed
 * @param requirement the approval that it was made from
 * @param uses how many calls at most; absent means any number
 * @param mayRevoke true when whoever looks can take it back
 */
record GrantView(
    String id,
    String tool,
    @Nullable String problem,
    Grant.@Nullable Status status,
    @Nullable String agent,
    @Nullable PersonView by,
    @Nullable List<Shown.Piece> text,
    @Nullable String requirement,
    @Nullable Instant createdAt,
    @Nullable Instant until,
    @Nullable Integer used,
    @Nullable Integer uses,
    @Nullable BudgetView budget,
    @Nullable Instant lastUsedAt,
    @Nullable PersonView revokedBy,
    @Nullable Instant revokedAt,
    boolean mayRevoke) {

  /** How much of a budget is spent. Immutable; numbers are texts with all their digits. */
  record BudgetView(String argument, String most, String spent, long windowSeconds) {
    static @Nullable BudgetView of(Grant grant, Instant now) {
      GrantScope.Budget budget = grant.scope().budget();
      return budget == null
          ? null
          : new BudgetView(
              Shown.name(budget.argument()),
              budget.most().text(),
              Optional.ofNullable(grant.sum(now)).orElse(BigDecimal.ZERO).toPlainString(),
              budget.window().toSeconds());
    }
  }

  static GrantView of(Store.StoredGrant stored, Assent assent, Viewer viewer) {
    Grant grant = stored.grant();
    return grant == null
        ? unusable(stored)
        : new GrantView(
            grant.id().value(),
            Shown.name(grant.tool()),
            null,
            grant.status(viewer.now()),
            Shown.name(grant.agent()),
            viewer.people().person(grant.by()),
            Shown.of(grant.text()),
            grant.from().value(),
            grant.createdAt(),
            grant.scope().until(),
            grant.used(),
            grant.scope().uses(),
            BudgetView.of(grant, viewer.now()),
            grant.lastUsedAt(),
            viewer.people().personOrNull(grant.revokedBy()),
            grant.revokedAt(),
            grant.revokedBy() == null && assent.whyNotRevoke(grant, viewer.principal()).isEmpty());
  }

  private static GrantView unusable(Store.StoredGrant stored) {
    return new GrantView(
        stored.id().value(),
        Shown.name(stored.tool()),
        stored.problem(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false);
  }
}
