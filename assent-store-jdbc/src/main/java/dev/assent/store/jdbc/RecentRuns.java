package dev.assent.store.jdbc;

import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What this process wrote last, as it would be read: the runs that began here, what they ask, who
 * said what on it, and the bodies. Thread-safe.
 *
 * <p>Only one process may write the store, so this is what stands in the file; where somebody else
 * writes to it all the same, it is what ought to stand there. Nobody is trusted more for that: each
 * transaction has its conditions in the file, and one that conflicts makes its runs be read again,
 * codes and all.
 */
final class RecentRuns {
  static final int RUNS = 256;
  static final int BODY_BYTES = 512 * 1_024;
  private static final int LARGEST_BODY = 16 * 1_024;

  private record Place(String tenant, String id) {}

  /** A run, complete since its beginning. */
  private static final class Recent {
    private Store.StoredRun run;
    private @Nullable Instant heldUntil;
    private final Map<RequirementId, Requirement> requirements = new LinkedHashMap<>();
    private final Map<RequirementId, List<SignedDecision>> decisions = new HashMap<>();

    private Recent(Store.StoredRun run, @Nullable Instant heldUntil) {
      this.run = run;
      this.heldUntil = heldUntil;
    }

    private Store.StoredRun run(Instant now) {
      Instant until = heldUntil;
      boolean free = until == null || !until.isAfter(now);
      return with(run.state(), run.fence(), free, run.rings(), run.readyAt(), run.updatedAt());
    }

    private void rung(Instant at, @Nullable String cancelledBy) {
      Instant ready = run.readyAt();
      run =
          new Store.StoredRun(
              run.state(),
              run.requester(),
              run.labels(),
              run.fence(),
              run.leaseFree(),
              run.rings() + 1,
              ready == null || at.isBefore(ready) ? at : ready,
              cancelledBy == null ? run.cancelAskedBy() : cancelledBy,
              run.createdAt(),
              run.updatedAt());
    }

    private void next(Write.NextState write) {
      boolean taken =
          switch (write.hold()) {
            case Write.Hold.Claim claim -> true;
            case Write.Hold.Pass pass -> true;
            case Write.Hold.Keep keep -> false;
            case Write.Hold.Release release -> false;
          };
      heldUntil =
          switch (write.hold()) {
            case Write.Hold.Claim claim -> soon(claim.lease().until());
            case Write.Hold.Keep keep -> soon(keep.lease().until());
            case Write.Hold.Pass pass -> null;
            case Write.Hold.Release release -> null;
          };
      Instant ready = soon(write.readyAt());
      if (run.rings() > write.ringsSeen() && (ready == null || ready.isAfter(write.at()))) {
        ready = write.at();
      }
      run =
          with(write.state(), run.fence() + (taken ? 1 : 0), true, run.rings(), ready, write.at());
    }

    private void taken(Instant until) {
      heldUntil = soon(until);
      run = with(run.state(), run.fence() + 1, true, run.rings(), run.readyAt(), run.updatedAt());
    }

    private Store.StoredRun with(
        RunState state,
        long fence,
        boolean leaseFree,
        long rings,
        @Nullable Instant readyAt,
        Instant updatedAt) {
      return new Store.StoredRun(
          state,
          run.requester(),
          run.labels(),
          fence,
          leaseFree,
          rings,
          readyAt,
          run.cancelAskedBy(),
          run.createdAt(),
          updatedAt);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Place, Recent> runs = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<Place, Recent> asking = new HashMap<>();
  private final Map<Place, Body> bodies = new LinkedHashMap<>(64, 0.75f, true);
  private final Set<String> withoutGrants = new HashSet<>();
  private final Set<String> withoutMandates = new HashSet<>();
  private long grantsWritten;
  private long mandatesWritten;
  private final int most;
  private int bytes;

  /**
   * @param most runs that are kept; 0 keeps no bodies either
   */
  RecentRuns(int most) {
    this.most = most;
  }

  // ---- reading ----

  Optional<Store.StoredRun> run(String tenant, RunId id, Instant now) {
    return of(runs, tenant, id.value(), recent -> recent.run(now));
  }

  Optional<Requirement> requirement(String tenant, RequirementId id) {
    return of(asking, tenant, id.value(), recent -> recent.requirements.get(id));
  }

  Optional<List<Requirement>> requirementsOf(String tenant, RunId id) {
    return of(
        runs,
        tenant,
        id.value(),
        recent ->
            recent.requirements.values().stream()
                .sorted(Comparator.comparing(Requirement::createdAt))
                .toList());
  }

  Optional<List<SignedDecision>> decisions(String tenant, RequirementId id) {
    return of(
        asking,
        tenant,
        id.value(),
        recent -> List.copyOf(recent.decisions.getOrDefault(id, List.of())));
  }

  /** Those of these bodies that are known. */
  Map<BodyId, Body> bodies(String tenant, Collection<BodyId> ids) {
    lock.lock();
    try {
      Map<BodyId, Body> found = new LinkedHashMap<>();
      for (BodyId id : ids) {
        Body body = bodies.get(new Place(tenant, id.value()));
        if (body != null) {
          found.put(id, body);
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /** True when the tenant is known to have no grant. */
  boolean withoutGrants(String tenant) {
    lock.lock();
    try {
      return withoutGrants.contains(tenant);
    } finally {
      lock.unlock();
    }
  }

  /** How often somebody wrote a new grant, or the file was written by others. */
  long grantsWritten() {
    lock.lock();
    try {
      return grantsWritten;
    } finally {
      lock.unlock();
    }
  }

  /** The tenant had none when it was looked for; {@code before} was counted before that. */
  void noGrants(String tenant, long before) {
    lock.lock();
    try {
      if (most > 0 && grantsWritten == before) {
        withoutGrants.add(tenant);
      }
    } finally {
      lock.unlock();
    }
  }

  private void newGrant(String tenant) {
    grantsWritten++;
    withoutGrants.remove(tenant);
  }

  /** True when the tenant is known to have no mandate. */
  boolean withoutMandates(String tenant) {
    lock.lock();
    try {
      return withoutMandates.contains(tenant);
    } finally {
      lock.unlock();
    }
  }

  /** How often somebody wrote a new mandate, or the file was written by others. */
  long mandatesWritten() {
    lock.lock();
    try {
      return mandatesWritten;
    } finally {
      lock.unlock();
    }
  }

  /** The tenant had none when it was looked for; {@code before} was counted before that. */
  void noMandates(String tenant, long before) {
    lock.lock();
    try {
      if (most > 0 && mandatesWritten == before) {
        withoutMandates.add(tenant);
      }
    } finally {
      lock.unlock();
    }
  }

  private void newMandate(String tenant) {
    mandatesWritten++;
    withoutMandates.remove(tenant);
  }

  private <T> Optional<T> of(
      Map<Place, Recent> where, String tenant, String id, Function<Recent, @Nullable T> what) {
    lock.lock();
    try {
      return Optional.ofNullable(where.get(new Place(tenant, id))).map(what);
    } finally {
      lock.unlock();
    }
  }

  // ---- writing ----

  /** These are durable; called in the order of the commits, before anybody is told. */
  void durable(String tenant, List<Write> writes) {
    lock.lock();
    try {
      writes.forEach(write -> durable(tenant, write));
    } finally {
      lock.unlock();
    }
  }

  private void durable(String tenant, Write write) {
    switch (write) {
      case Write.NewRun begun -> begin(tenant, begun);
      case Write.NextState next -> change(tenant, next.state().id(), run -> run.next(next));
      case Write.TakeLease take ->
          change(tenant, take.run(), run -> run.taken(take.lease().until()));
      case Write.KeepLease keep ->
          change(tenant, keep.run(), run -> run.heldUntil = soon(keep.lease().until()));
      case Write.GiveLease give -> forget(tenant, give.run());
      case Write.Ring ring -> change(tenant, ring.run(), run -> run.rung(ring.at(), null));
      case Write.AskCancel ask -> change(tenant, ask.run(), run -> run.rung(ask.at(), ask.by()));
      case Write.PutBody put -> keep(new Place(tenant, put.body().id().value()), put.body());
      case Write.EraseBody erase -> drop(new Place(tenant, erase.body().value()));
      case Write.NewRequirement asked -> ask(tenant, asked.requirement());
      case Write.NextRequirement next -> ask(tenant, next.requirement());
      case Write.NewDecision said -> said(tenant, said.decision());
      case Write.Erase erased -> forgetBodies();
      case Write.NewSight other -> {}
      case Write.NewHold other -> {}
      case Write.EndHold other -> {}
      case Write.Journal other -> {}
      case Write.NewMessage other -> {}
      case Write.Expect other -> {}
      case Write.ExpectRun other -> {}
      case Write.NewGrant given -> newGrant(tenant);
      case Write.NextGrant other -> {}
      case Write.NewMandate given -> newMandate(tenant);
      case Write.NextMandate other -> {}
      case Write.ReserveEffect other -> {}
      case Write.SettleEffect other -> {}
      case Write.ReleaseEffect other -> {}
      case Write.StartTimer other -> {}
      case Write.StopTimer other -> {}
      case Write.StopTimers other -> {}
      case Write.Audit other -> {}
      case Write.Tell other -> {}
      case Write.Told other -> {}
    }
  }

  private void begin(String tenant, Write.NewRun begun) {
    Write.Lease lease = begun.lease();
    Store.StoredRun run =
        new Store.StoredRun(
            begun.state(),
            begun.requester(),
            begun.labels(),
            lease == null ? 0 : 1,
            true,
            0,
            soon(begun.readyAt()),
            null,
            begun.at(),
            begun.at());
    runs.put(
        new Place(tenant, begun.state().id().value()),
        new Recent(run, lease == null ? null : soon(lease.until())));
    Iterator<Map.Entry<Place, Recent>> eldestFirst = runs.entrySet().iterator();
    while (runs.size() > most) {
      Map.Entry<Place, Recent> eldest = eldestFirst.next();
      eldestFirst.remove();
      unask(eldest.getKey().tenant(), eldest.getValue());
    }
  }

  private void change(String tenant, RunId run, Consumer<Recent> how) {
    Recent recent = runs.get(new Place(tenant, run.value()));
    if (recent != null) {
      how.accept(recent);
    }
  }

  private void ask(String tenant, Requirement requirement) {
    change(
        tenant,
        requirement.run(),
        run -> {
          run.requirements.put(requirement.id(), requirement);
          asking.put(new Place(tenant, requirement.id().value()), run);
        });
  }

  private void said(String tenant, SignedDecision said) {
    RequirementId about = said.decision().requirement();
    Recent recent = asking.get(new Place(tenant, about.value()));
    if (recent != null) {
      recent.decisions.computeIfAbsent(about, id -> new ArrayList<>()).add(said);
    }
  }

  private void keep(Place place, Body body) {
    int size = body.content().length;
    if (most == 0 || size > LARGEST_BODY) {
      return;
    }
    drop(place);
    bodies.put(place, body);
    bytes += size;
    Iterator<Body> eldestFirst = bodies.values().iterator();
    while (bytes > BODY_BYTES) {
      bytes -= eldestFirst.next().content().length;
      eldestFirst.remove();
    }
  }

  private void drop(Place place) {
    Body body = bodies.remove(place);
    if (body != null) {
      bytes -= body.content().length;
    }
  }

  // ---- forgetting ----

  /** These were not written, or nobody knows: what they are about is read again. */
  void doubtful(String tenant, List<Write> writes) {
    lock.lock();
    try {
      for (Write write : writes) {
        switch (write) {
          case Write.NewRun about -> forget(tenant, about.state().id());
          case Write.NextState about -> forget(tenant, about.state().id());
          case Write.TakeLease about -> forget(tenant, about.run());
          case Write.KeepLease about -> forget(tenant, about.run());
          case Write.GiveLease about -> forget(tenant, about.run());
          case Write.Ring about -> forget(tenant, about.run());
          case Write.AskCancel about -> forget(tenant, about.run());
          case Write.NewRequirement about -> forget(tenant, about.requirement().run());
          case Write.NextRequirement about -> forget(tenant, about.requirement().run());
          case Write.Expect about -> forgetAsking(tenant, about.requirement());
          case Write.ExpectRun about -> forget(tenant, about.run());
          case Write.NewDecision about ->
              forgetAsking(tenant, about.decision().decision().requirement());
          case Write.PutBody about -> drop(new Place(tenant, about.body().id().value()));
          case Write.EraseBody about -> drop(new Place(tenant, about.body().value()));
          case Write.Journal about -> forget(tenant, about.run());
          case Write.NewMessage about -> forget(tenant, about.run());
          case Write.NewGrant about -> newGrant(tenant);
          case Write.NextGrant about -> {}
          case Write.NewMandate about -> newMandate(tenant);
          case Write.NextMandate about -> {}
          case Write.ReserveEffect about -> forget(tenant, about.run());
          case Write.SettleEffect about -> forget(tenant, about.run());
          case Write.ReleaseEffect about -> forget(tenant, about.run());
          case Write.StartTimer about -> forgetAsking(tenant, about.requirement());
          case Write.StopTimer about -> forgetAsking(tenant, about.requirement());
          case Write.StopTimers about -> forgetAsking(tenant, about.requirement());
          case Write.Erase about -> forgetBodies();
          case Write.NewSight about -> {}
          case Write.NewHold about -> {}
          case Write.EndHold about -> {}
          case Write.Audit about -> {}
          case Write.Tell about -> {}
          case Write.Told about -> {}
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Somebody else wrote to the file. */
  void forgetAll() {
    lock.lock();
    try {
      runs.clear();
      asking.clear();
      forgetBodies();
      withoutGrants.clear();
      grantsWritten++;
      withoutMandates.clear();
      mandatesWritten++;
    } finally {
      lock.unlock();
    }
  }

  /** Whose session they are of is not known here. */
  private void forgetBodies() {
    bodies.clear();
    bytes = 0;
  }

  private void forget(String tenant, RunId run) {
    Recent recent = runs.remove(new Place(tenant, run.value()));
    if (recent != null) {
      unask(tenant, recent);
    }
  }

  private void forgetAsking(String tenant, RequirementId id) {
    Recent recent = asking.get(new Place(tenant, id.value()));
    if (recent != null) {
      forget(tenant, recent.run.state().id());
    }
  }

  private void unask(String tenant, Recent recent) {
    recent.requirements.keySet().forEach(id -> asking.remove(new Place(tenant, id.value())));
  }

  private static @Nullable Instant soon(@Nullable Instant at) {
    return at == null ? null : at.truncatedTo(ChronoUnit.MILLIS);
  }
}
