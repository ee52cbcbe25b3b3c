package dev.assent.web;

import dev.assent.core.AssentException;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.spi.RequirementCursor;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RequirementCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds requirements for a list. Thread-safe. */
final class RequirementSearch {
  /** So many rows are looked at for one page of a search by text; the next page goes on there. */
  private static final int MOST_READ = 1_000;

  private static final int BATCH = 200;

  private final Assent assent;

  RequirementSearch(Assent assent) {
    this.assent = assent;
  }

  /** What is looked for; an absent or empty part matches all. Immutable. */
  record Query(
      @Nullable String status,
      @Nullable String kind,
      @Nullable String agent,
      @Nullable String tool,
      @Nullable String run,
      @Nullable String risk,
      @Nullable String session,
      @Nullable String requester,
      @Nullable String resolvedBy,
      @Nullable String createdFrom,
      @Nullable String createdTo,
      @Nullable String resolvedFrom,
      @Nullable String resolvedTo,
      @Nullable String q) {

    Store.RequirementQuery rows(int limit, @Nullable String after) {
      RequirementStatus wanted = Wanted.oneOf(RequirementStatus.class, "status", status);
      String ofRun = given(run);
      Store.RequirementQuery all =
          Store.RequirementQuery.first(limit)
              .of(Wanted.oneOf(RequirementKind.class, "kind", kind))
              .by(given(agent), given(tool))
              .of(ofRun == null ? null : Wanted.run(ofRun))
              .of(Wanted.oneOf(Risk.class, "risk", risk))
              .from(given(session), given(requester), given(resolvedBy))
              .between(
                  Wanted.span("created", given(createdFrom), given(createdTo)),
                  Wanted.span("resolved", given(resolvedFrom), given(resolvedTo)))
              .after(given(after));
      return wanted == null ? all : all.in(wanted);
    }

    private static @Nullable String given(@Nullable String value) {
      return value == null || value.isEmpty() ? null : value;
    }
  }

  PageView<SummaryView> page(Query query, int limit, @Nullable String after, Viewer viewer) {
    String text = query.q();
    if (text == null || text.isBlank()) {
      Store.Page<Requirement> rows =
          assent.store().requirements(assent.tenant(), query.rows(limit, after));
      List<PageView.Missing> missing = missing(rows);
      List<SummaryView> items = new ArrayList<>();
      for (Requirement row : rows.items()) {
        card(row, missing).map(card -> SummaryView.of(card, viewer)).ifPresent(items::add);
      }
      return new PageView<>(items, rows.next(), rows.total(), missing);
    }
    return matching(query, text.strip().toLowerCase(Locale.ROOT), limit, after, viewer);
  }

  /** Texts are encrypted in the store, so a search reads them one by one, and counts nothing. */
  private PageView<SummaryView> matching(
      Query query, String text, int limit, @Nullable String after, Viewer viewer) {
    List<SummaryView> found = new ArrayList<>();
    List<PageView.Missing> missing = new ArrayList<>();
    String from = after;
    for (int read = 0; read < MOST_READ; ) {
      Store.Page<Requirement> rows =
          assent.store().requirements(assent.tenant(), query.rows(BATCH, from));
      missing.addAll(missing(rows));
      read += rows.unreadable().size();
      for (Requirement row : rows.items()) {
        read++;
        card(row, missing)
            .filter(card -> matches(card, text))
            .map(card -> SummaryView.of(card, viewer))
            .ifPresent(found::add);
        from = RequirementCursor.of(row).text();
        if (found.size() == limit) {
          return new PageView<>(found, from, null, missing);
        }
      }
      from = rows.next() == null ? from : rows.next();
      if (rows.next() == null) {
        return new PageView<>(found, null, after == null ? (long) found.size() : null, missing);
      }
    }
    return new PageView<>(found, from, null, missing);
  }

  private static List<PageView.Missing> missing(Store.Page<Requirement> rows) {
    return new ArrayList<>(rows.unreadable().stream().map(PageView.Missing::of).toList());
  }

  /** What is shown of a row; one whose bodies cannot be read is named and left out. */
  private Optional<RequirementCard> card(Requirement row, List<PageView.Missing> missing) {
    try {
      return Optional.of(assent.card(row));
    } catch (AssentException e) {
      missing.add(new PageView.Missing(row.id().value(), e.code()));
      return Optional.empty();
    }
  }

  /** In what is shown: a search must not tell a secret letter by letter. */
  private static boolean matches(RequirementCard card, String text) {
    Requirement requirement = card.requirement();
    return contains(card.shownSummary().toString(), text)
        || contains(requirement.tool(), text)
        || contains(requirement.agent(), text)
        || contains(requirement.id().value(), text)
        || contains(card.requester(), text)
        || contains(card.shownArguments().toString(), text);
  }

  private static boolean contains(String where, String text) {
    return where.toLowerCase(Locale.ROOT).contains(text);
  }
}
