package dev.assent.web;

import dev.assent.core.Mandate;
import dev.assent.core.RequirementId;
import dev.assent.core.Risk;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Mandates;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mandate as a person sees it. Immutable.
 *
 * @param problem why it cannot be relied on; then only its id is known
 * @param status where it stands; absent with a problem
 * @param tools of which tools; empty means all
 * @param requirement only for this one; absent means for all
 * @param mayRevoke true when whoever looks can take it back
 */
record MandateView(
    String id,
    @Nullable String problem,
    Mandate.@Nullable Status status,
    Mandate.@Nullable Kind kind,
    @Nullable PersonView giver,
    @Nullable PersonView holder,
    List<String> tools,
    @Nullable Risk highest,
    @Nullable String requirement,
    @Nullable Instant begins,
    @Nullable Instant ends,
    @Nullable List<Shown.Piece> reason,
    @Nullable PersonView givenBy,
    @Nullable Instant givenAt,
    @Nullable PersonView revokedBy,
    @Nullable Instant revokedAt,
    boolean mayRevoke) {

  /**
   * By which mandate somebody decides. Immutable.
   *
   * @param giver with whose authority; of break-glass they themselves
   */
  record Used(String id, Mandate.Kind kind, PersonView giver, Instant ends) {
    static @Nullable Used of(@Nullable Mandate mandate, People people) {
      return mandate == null
          ? null
          : new Used(
              mandate.id().value(), mandate.kind(), people.person(mandate.giver()), mandate.ends());
    }
  }

  static MandateView of(Store.StoredMandate stored, Mandates mandates, Viewer viewer) {
    Mandate mandate = stored.mandate();
    return mandate == null ? unusable(stored) : of(mandate, mandates, viewer);
  }

  static MandateView of(Mandate mandate, Mandates mandates, Viewer viewer) {
    People people = viewer.people();
    RequirementId requirement = mandate.requirement();
    return new MandateView(
        mandate.id().value(),
        null,
        mandate.status(viewer.now()),
        mandate.kind(),
        people.person(mandate.giver()),
        people.person(mandate.holder()),
        mandate.tools().stream().map(Shown::name).toList(),
        mandate.highest(),
        requirement == null ? null : requirement.value(),
        mandate.begins(),
        mandate.ends(),
        Shown.ofNullable(mandate.reason()),
        people.person(mandate.givenBy()),
        mandate.givenAt(),
        people.personOrNull(mandate.revokedBy()),
        mandate.revokedAt(),
        mandate.revokedBy() == null
            && mandates.whyNotRevoke(mandate, viewer.principal()).isEmpty());
  }

  private static MandateView unusable(Store.StoredMandate stored) {
    return new MandateView(
        stored.id().value(),
        stored.problem(),
        null,
        null,
        null,
        null,
        List.of(),
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
