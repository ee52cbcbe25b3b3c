package dev.assent.testkit;

import dev.assent.core.AssentException;
import dev.assent.core.Principal;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.ModelRetry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One play of a scenario in process, with at most one crash. Used by one thread. */
final class Play {
  private final Scenario scenario;
  private final StoreFactory stores;
  private final Stage stage;
  private final Scene scene;
  private final @Nullable CrashPoint point;
  private final String name = "play-" + UUID.randomUUID();
  private int commits;
  private boolean crashed;
  private @Nullable SeenRun end;

  Play(Scenario scenario, StoreFactory stores, @Nullable CrashPoint point) {
    this.scenario = scenario;
    this.stores = stores;
    this.point = point;
    this.stage = scenario.newStage();
    this.scene = new Scene(stage, scenario.people(), point != null);
  }

  /** An Assent that does nothing by itself, for these people. */
  static Assent.Builder standard(Store store, List<ScriptedPerson> people) {
    List<Principal> known = people.stream().map(ScriptedPerson::principal).toList();
    return Assent.on(store)
        .answeredFromOutside()
        .operator(known.getFirst())
        .directory(id -> known.stream().filter(each -> each.id().equals(id)).findFirst())
        .retry(new ModelRetry(3, Duration.ZERO))
        .pollEvery(Duration.ofHours(1));
  }

  Stage stage() {
    return stage;
  }

  /** How many commits the first process made. */
  int commits() {
    return commits;
  }

  /** True when the crash came. */
  boolean crashed() {
    return crashed;
  }

  /** The run as it is in the end; whoever crashed, another process went on. */
  SeenRun toTheEnd() {
    int taken = 0;
    List<Consumer<Scene>> steps = scenario.steps();
    try {
      taken = process(0, steps, point);
      if (taken <= steps.size()) {
        crashed = true;
        stage.clock().advance(scenario.restartAfter());
        process(taken, steps, null);
      }
    } catch (AssertionError e) {
      throw new AssertionError("scenario '" + scenario.name() + "': " + e.getMessage(), e);
    }
    return Optional.ofNullable(end).orElseThrow();
  }

  /** Takes the steps from this one on, and the last; how many were taken when the process ended. */
  private int process(int from, List<Consumer<Scene>> steps, @Nullable CrashPoint dies) {
    int taken = from;
    Store store = stores.open(name, stage.clock());
    CrashingStore crashing =
        dies == null ? CrashingStore.around(store) : CrashingStore.at(store, dies);
    try (ProcessWorld world = new ProcessWorld(scenario.assent(crashing.store(), stage).start())) {
      scene.in(world);
      for (; taken < steps.size(); taken++) {
        steps.get(taken).accept(scene);
      }
      scene.untilNobodyAnswers();
      AssentAssertions.assertIntact(world.assent(), scene.run());
      end = scene.see();
      taken++;
    } catch (AssentException e) {
      if (!crashing.dead()) {
        throw e;
      }
    } finally {
      commits = from == 0 && !crashed ? crashing.commits() : commits;
      store.close();
    }
    return taken;
  }
}
