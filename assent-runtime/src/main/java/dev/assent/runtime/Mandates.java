package dev.assent.runtime;

import dev.assent.core.Authority;
import dev.assent.core.Mandate;
import dev.assent.core.MandateId;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.SafeText;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who decides for whom: delegation, out of office, and break-glass. Thread-safe.
 *
 * <p>A mandate is durable when it is returned, with its line of the audit log. What it lets
 * somebody do is in {@link Authority}.
 */
public final class Mandates {
  /** How long a break-glass holds unless something else is said. */
  public static final Duration GLASS = Duration.ofMinutes(15);

  /** How long a break-glass holds at most. */
  public static final Duration LONGEST_GLASS = Duration.ofHours(1);

  /** How long any other mandate holds at most. */
  public static final Duration LONGEST = Duration.ofDays(366);

  /** The role that may see to an absent person's mandates, and revoke any. */
  public static final String ADMINISTRATOR = "admin";

  private static final Logger LOG = LoggerFactory.getLogger(Mandates.class);
  private static final String INVALID = "invalid-mandate";

  /** More mandates than one account is given; those beyond are not looked at. */
  private static final int MOST = 500;

  private static final int LONGEST_REASON = 500;
  private static final int MOST_CONFLICTS = 50;

  private final Engine engine;

  Mandates(Engine engine) {
    this.engine = engine;
  }

  /**
   * Lets another person decide with one's own authority.
   *
   * @param to the account that may
   * @param from from when on; absent means now
   * @param until not including, at most 366 days later
   * @param reason in words, at most 500 characters; absent for none
   * @param by whose authority it is
   * @throws RuntimeFailure {@code invalid-mandate}, {@code unknown-account}, {@code
   *     unknown-requirement} when it is for one that is not there, or {@code too-many-conflicts}
   */
  public Mandate delegate(
      String to,
      MandateScope scope,
      @Nullable Instant from,
      Instant until,
      @Nullable String reason,
      Principal by) {
    return lent(Mandate.Kind.DELEGATION, by.id(), to, scope, from, until, reason, by);
  }

  /**
   * Lets somebody decide for a person who is away: who is away says so, or an administrator does
   * who has nothing of it.
   *
   * @param giver the account of who is away
   * @param to the account that decides meanwhile
   * @param from from when on; absent means now
   * @param until not including, at most 366 days later
   * @param reason in words, at most 500 characters; absent for none
   * @throws RuntimeFailure {@code invalid-mandate}, {@code unknown-account}, {@code not-entitled},
   *     {@code unknown-requirement} or {@code too-many-conflicts}
   */
  public Mandate away(
      String giver,
      String to,
      MandateScope scope,
      @Nullable Instant from,
      Instant until,
      @Nullable String reason,
      Principal by) {
    return lent(Mandate.Kind.OUT_OF_OFFICE, giver, to, scope, from, until, reason, by);
  }

  private Mandate lent(
      Mandate.Kind kind,
      String giver,
      String to,
      MandateScope scope,
      @Nullable Instant from,
      Instant until,
      @Nullable String reason,
      Principal by) {
    Instant now = engine.store().now();
    Instant begins = from == null || from.isBefore(now) ? now : millis(from);
    return commit(lent(kind, giver, to, scope, begins, millis(until), reason, by, now));
  }

  /**
   * A mandate for one requirement that is not given yet: see {@link #given}.
   *
   * @throws RuntimeFailure as {@link #delegate} does
   */
  Mandate lent(RequirementId only, String to, Instant now, Instant until, Principal by) {
    return lent(
        Mandate.Kind.DELEGATION,
        by.id(),
        to,
        MandateScope.of(only),
        now,
        millis(until),
        null,
        by,
        now);
  }

  private Mandate lent(
      Mandate.Kind kind,
      String giver,
      String to,
      MandateScope scope,
      Instant begins,
      Instant ends,
      @Nullable String reason,
      Principal by,
      Instant now) {
    Principal acting = person(by.id());
    Principal whose = person(giver);
    Principal whom = person(to);
    boolean own = whose.person().equals(acting.person());
    if (!own && !acting.roles().contains(ADMINISTRATOR)) {
      throw new RuntimeFailure(
          "not-entitled",
          "a mandate is given by the person whose authority it is; for somebody who is away, by"
              + " the role "
              + ADMINISTRATOR);
    }
    if (!own && whom.person().equals(acting.person())) {
      throw new RuntimeFailure(
          "not-entitled", "nobody gives themselves the authority of somebody else");
    }
    if (whose.person().equals(whom.person())) {
      throw new RuntimeFailure(INVALID, "giver and holder are the same person");
    }
    if (!ends.isAfter(begins) || ends.isAfter(begins.plus(LONGEST))) {
      throw new RuntimeFailure(
          INVALID,
          "a mandate ends after it begins and after now, at most "
              + LONGEST.toDays()
              + " days"
              + " later; this one would go from "
              + begins
              + " to "
              + ends);
    }
    return made(kind, whose.id(), whom.id(), scope, begins, ends, reason, acting, now);
  }

  /**
   * Lets somebody with the role {@link Authority#BREAK_GLASS} decide alone, in an emergency, what
   * others would have to. Everybody is told.
   *
   * @param scope one requirement, or tools that are named
   * @param reason in words, 1 to 500 characters
   * @param time at most an hour; absent means 15 minutes
   * @throws RuntimeFailure {@code invalid-mandate}, {@code unknown-account}, {@code
   *     unknown-requirement}, {@code not-entitled} or {@code too-many-conflicts}
   */
  public Mandate breakGlass(
      MandateScope scope, String reason, @Nullable Duration time, Principal by) {
    Principal acting = person(by.id());
    if (!acting.roles().contains(Authority.BREAK_GLASS)) {
      throw new RuntimeFailure(
          "not-entitled", "the glass is broken by the role " + Authority.BREAK_GLASS + " only");
    }
    Duration length = time == null ? GLASS : time;
    if (length.compareTo(Duration.ofSeconds(1)) < 0 || length.compareTo(LONGEST_GLASS) > 0) {
      throw new RuntimeFailure(
          INVALID, "the glass is broken for 1 second to " + LONGEST_GLASS.toMinutes() + " minutes");
    }
    if (reason.isBlank()) {
      throw new RuntimeFailure(INVALID, "say why the glass is broken");
    }
    if (scope.tools().stream().anyMatch(Mandate::meansEveryTool)
        || (scope.requirement() == null && scope.tools().isEmpty())) {
      throw new RuntimeFailure(
          INVALID, "the glass is broken for one requirement, or for tools that are named");
    }
    Instant now = engine.store().now();
    Mandate opened =
        commit(
            made(
                Mandate.Kind.BREAK_GLASS,
                acting.id(),
                acting.id(),
                scope,
                now,
                now.plus(length),
                reason,
                acting,
                now));
    LOG.warn(
        "Break-glass: {} decides alone until {}, mandate {}",
        SafeText.of(acting.id()),
        opened.ends(),
        opened.id());
    return opened;
  }

  private Mandate made(
      Mandate.Kind kind,
      String giver,
      String holder,
      MandateScope scope,
      Instant begins,
      Instant ends,
      @Nullable String reason,
      Principal by,
      Instant now) {
    if (reason != null && reason.length() > LONGEST_REASON) {
      throw new RuntimeFailure(INVALID, "a reason has at most " + LONGEST_REASON + " characters");
    }
    if (scope.requirement() != null
        && engine.store().requirement(engine.tenant(), scope.requirement()).isEmpty()) {
      throw RuntimeFailure.unknownRequirement(scope.requirement());
    }
    return new Mandate(
        new MandateId(engine.newId()),
        kind,
        giver,
        holder,
        scope.tools(),
        scope.highest(),
        scope.requirement(),
        begins,
        ends,
        reason == null || reason.isBlank() ? null : WellFormed.text(reason),
        by.id(),
        now,
        1,
        null,
        null);
  }

  /** Gives it, with its line of the audit log. */
  Write given(Mandate mandate) {
    return new Write.NewMandate(
        mandate,
        AuditLines.ofMandate(engine, mandate, "given", mandate.givenBy(), mandate.givenAt()));
  }

  private Mandate commit(Mandate mandate) {
    if (!(engine.store().commit(engine.tenant(), List.of(given(mandate)))
        instanceof Committed.Done)) {
      throw new RuntimeFailure("too-many-conflicts", "the mandate could not be written; try again");
    }
    engine.changed(new Change(Change.Kind.MANDATE, mandate.id().value()));
    return mandate;
  }

  /** Why this principal cannot take a mandate back; empty when they can. */
  public Optional<String> whyNotRevoke(Mandate mandate, Principal by) {
    Principal today = engine.directory().find(by.id()).orElse(null);
    if (today == null || today.kind() != Principal.Kind.PERSON) {
      return Optional.of("The account " + by.id() + " is no person that is known here, or locked.");
    }
    boolean party =
        today.roles().contains(ADMINISTRATOR)
            || List.of(mandate.giver(), mandate.holder(), mandate.givenBy()).stream()
                .anyMatch(
                    id ->
                        id.equals(today.id())
                            || engine
                                .directory()
                                .personOf(id)
                                .filter(today.person()::equals)
                                .isPresent());
    return party
        ? Optional.empty()
        : Optional.of(
            "Whoever gave it, whoever holds it, or the role " + ADMINISTRATOR + " takes it back.");
  }

  /**
   * Takes a mandate back: its giver, its holder, whoever set it up, or an administrator. Nobody
   * decides by it any more, and what was decided by it counts no more unless the call has begun.
   * The same mandate when it was taken back before.
   *
   * @throws RuntimeFailure {@code unknown-mandate}, {@code not-entitled} or {@code
   *     too-many-conflicts}
   * @throws dev.assent.core.spi.StoreException when somebody else wrote its row
   */
  public Mandate revoke(MandateId id, Principal by) {
    for (int tries = 0; tries < MOST_CONFLICTS; tries++) {
      Mandate mandate =
          find(id)
              .orElseThrow(
                  () -> new RuntimeFailure("unknown-mandate", "there is no mandate " + id));
      whyNotRevoke(mandate, by)
          .ifPresent(
              why -> {
                throw new RuntimeFailure("not-entitled", why);
              });
      if (mandate.revokedBy() != null) {
        return mandate;
      }
      Instant now = engine.store().now();
      Mandate after = mandate.revoked(by.id(), now);
      Write write =
          new Write.NextMandate(
              after, AuditLines.ofMandate(engine, after, "revoked", by.id(), now));
      if (engine.store().commit(engine.tenant(), List.of(write)) instanceof Committed.Done) {
        engine.changed(new Change(Change.Kind.MANDATE, id.value()));
        return after;
      }
    }
    throw new RuntimeFailure(
        "too-many-conflicts", "mandate " + id + " could not be written; try again");
  }

  /**
   * A mandate; empty when there is none of this id.
   *
   * @throws dev.assent.core.spi.StoreException when somebody else wrote its row
   */
  public Optional<Mandate> find(MandateId id) {
    return engine.store().mandate(engine.tenant(), id);
  }

  /** Mandates, newest first; one that cannot be relied on says why. */
  public List<Store.StoredMandate> list(Store.MandateQuery query) {
    return engine.store().mandates(engine.tenant(), query);
  }

  /** True of what somebody closed while a break-glass of theirs held for it. */
  Predicate<Requirement> brokenGlass() {
    List<Mandate> glasses = new ArrayList<>();
    List<Store.StoredMandate> page = list(new Store.MandateQuery(null, null, MOST, null));
    while (!page.isEmpty()) {
      page.stream()
          .map(Mandates::usable)
          .filter(each -> each != null && each.kind() == Mandate.Kind.BREAK_GLASS)
          .forEach(glasses::add);
      page = list(new Store.MandateQuery(null, null, MOST, page.getLast().id()));
    }
    return requirement -> {
      Instant closed = requirement.closedAt();
      return closed != null
          && glasses.stream()
              .filter(glass -> glass.holder().equals(requirement.closedBy()))
              .anyMatch(glass -> glass.coveredThen(requirement, closed));
    };
  }

  /** Those that an account holds, read once for each when they are first asked for. */
  Function<String, List<Mandate>> held() {
    Map<String, List<Mandate>> known = new ConcurrentHashMap<>();
    return account -> {
      List<Mandate> before = known.get(account);
      if (before != null) {
        return before;
      }
      List<Mandate> read = read(account);
      known.put(account, read);
      return read;
    };
  }

  private List<Mandate> read(String account) {
    // All of them: whoever gives somebody many mandates must not hide an earlier one.
    List<Mandate> held = new ArrayList<>();
    List<Store.StoredMandate> page = list(new Store.MandateQuery(account, null, MOST, null));
    while (!page.isEmpty()) {
      page.stream().map(Mandates::usable).filter(Objects::nonNull).forEach(held::add);
      page =
          page.size() < MOST
              ? List.of()
              : list(new Store.MandateQuery(account, null, MOST, page.getLast().id()));
    }
    return held;
  }

  private static @Nullable Mandate usable(Store.StoredMandate stored) {
    if (stored.mandate() == null) {
      LOG.warn("Mandate {} is not used: {}", stored.id(), stored.problem());
    }
    return stored.mandate();
  }

  private Principal person(String account) {
    return engine
        .directory()
        .find(account)
        .filter(known -> known.kind() == Principal.Kind.PERSON)
        .orElseThrow(
            () ->
                new RuntimeFailure(
                    "unknown-account",
                    "there is no person with the account " + account + ", or it is locked"));
  }

  private static Instant millis(Instant at) {
    return Instant.ofEpochMilli(at.toEpochMilli());
  }
}
