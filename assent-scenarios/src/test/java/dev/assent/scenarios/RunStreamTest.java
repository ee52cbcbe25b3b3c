package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Model;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunStream;
import dev.assent.runtime.RunUpdate;
import dev.assent.runtime.UpdateId;
import dev.assent.testkit.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Stories by chance, with pauses, refusals, doubts, cancels and restarts. Whoever joins after any
 * update of them gets exactly the rest. A failure names its seed.
 */
@ParameterizedClass
@EnumSource(World.Kept.class)
@Timeout(120)
class RunStreamTest {
  private static final int MOST_STEPS = 40;
  private static final int STORIES = 20;

  @Parameter World.Kept kept;
  @TempDir Path folder;

  @Test
  @Tag("C7")
  @DisplayName("one event log for a run, joined again after any event")
  void joinedAfterAnyUpdateExactlyTheRestFollows() throws IOException {
    Set<Class<?>> told = new HashSet<>();
    for (long seed = 1; seed <= STORIES; seed++) {
      try {
        story(seed).forEach(update -> told.add(update.getClass()));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }

    assertThat(told).as("kinds of updates that the stories have").hasSizeGreaterThanOrEqualTo(12);
  }

  private List<RunUpdate.Durable> story(long seed) throws IOException {
    Random random = new Random(seed);
    try (World world = new World(kept, Files.createDirectory(folder.resolve("seed-" + seed)))) {
      world.model.otherwise(request -> turn(random, request));
      world.afterEffect =
          context -> {
            if (chance(random, 4)) {
              throw new IllegalStateException("the line went dead");
            }
          };
      RunId run = world.assent.submit(RunRequest.of("bot", "go"));

      List<RunUpdate.Durable> followed = new ArrayList<>();
      for (int step = 0; step < MOST_STEPS; step++) {
        world.assent.resume(run);
        followed.addAll(stored(world, run, lastOf(followed), RunStream.Until.END));
        boolean ended = world.state(run).status().ended();
        assertThat(followed.getLast()).isInstanceOf(expectedLast(world.state(run).status()));
        if (ended) {
          break;
        }
        goOn(world, run, random, step);
      }

      List<RunUpdate.Durable> whole = stored(world, run, UpdateId.START, RunStream.Until.END);
      assertThat(whole).isEqualTo(followed).extracting(RunUpdate.Durable::id).isSorted();
      assertThat(whole).extracting(RunUpdate.Durable::id).doesNotHaveDuplicates();
      for (int i = 0; i < whole.size(); i++) {
        assertThat(stored(world, run, whole.get(i).id(), RunStream.Until.END))
            .as("after " + whole.get(i))
            .isEqualTo(whole.subList(i + 1, whole.size()));
      }
      assertThat(fromPauseToPause(world, run)).isEqualTo(whole);
      inOrder(whole);
      return whole;
    }
  }

  private static boolean chance(Random random, int of) {
    return random.nextInt(of) == 0;
  }

  /** Some calls, good and bad; an end at last. */
  private static Message.Assistant turn(Random random, Model.Request request) {
    long turn = request.messages().stream().filter(Message.Assistant.class::isInstance).count();
    if (turn > random.nextInt(6)) {
      return new Message.Assistant("Done after " + turn, List.of());
    }
    List<Message.Call> calls = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      calls.add(call(random, turn + "-" + i));
    }
    return new Message.Assistant("Turn " + turn, calls);
  }

  private static Message.Call call(Random random, String id) {
    return switch (random.nextInt(6)) {
      case 0 -> World.pay(id, "invoice " + random.nextInt(3), 5);
      case 1 -> ScriptedModel.call(id, "letter", "{\"to\":\"bob\"}");
      case 2 -> ScriptedModel.call(id, "mail", "{\"to\":\"" + random.nextInt(3) + "\"}");
      case 3 -> ScriptedModel.call(id, "look", "{\"what\":\"sky\"}");
      case 4 -> ScriptedModel.call(id, "book", "{\"room\":\"" + random.nextInt(3) + "\"}");
      default -> ScriptedModel.call(id, "nothing", "{");
    };
  }

  /** Somebody answers something, or the process ends, or the run is cancelled. */
  private static void goOn(World world, RunId run, Random random, int step) {
    if (chance(random, 4)) {
      world.restart();
    }
    if (chance(random, 8)) {
      world.assent.cancel(run, "ada");
      return;
    }
    List<Requirement> open =
        world.store.requirementsOf(World.TENANT, run).stream().filter(Requirement::open).toList();
    Requirement shown = open.get(random.nextInt(open.size()));
    Verdict verdict =
        shown.kind() == RequirementKind.APPROVAL
            ? (chance(random, 3) ? Verdict.REJECT : Verdict.APPROVE)
            : List.of(Verdict.HAPPENED, Verdict.DID_NOT_HAPPEN, Verdict.GIVE_UP)
                .get(random.nextInt(3));
    world.says(shown, verdict, "because of step " + step);
  }

  private static Class<? extends RunUpdate> expectedLast(RunStatus status) {
    return switch (status) {
      case PAUSED -> RunUpdate.Paused.class;
      case COMPLETED -> RunUpdate.Completed.class;
      case FAILED -> RunUpdate.Failed.class;
      case CANCELLED -> RunUpdate.Cancelled.class;
      case RUNNING -> throw new AssertionError("it had come to rest");
    };
  }

  private static UpdateId lastOf(List<RunUpdate.Durable> read) {
    return read.isEmpty() ? UpdateId.START : read.getLast().id();
  }

  /** What is stored after this update, as far as asked for. */
  private static List<RunUpdate.Durable> stored(
      World world, RunId run, UpdateId after, RunStream.Until until) {
    List<RunUpdate.Durable> read = new ArrayList<>();
    try (RunStream stream = world.assent.events(run, after, until)) {
      Optional<RunUpdate> next = stream.poll(Duration.ZERO);
      while (next.isPresent()) {
        read.add((RunUpdate.Durable) next.get());
        next = stream.poll(Duration.ZERO);
      }
    }
    return read;
  }

  private static List<RunUpdate.Durable> fromPauseToPause(World world, RunId run) {
    List<RunUpdate.Durable> all = new ArrayList<>();
    while (true) {
      List<RunUpdate.Durable> part = stored(world, run, lastOf(all), RunStream.Until.PAUSE);
      if (part.isEmpty()) {
        return all;
      }
      all.addAll(part);
      assertThat(part.subList(0, part.size() - 1)).noneMatch(RunUpdate.Paused.class::isInstance);
    }
  }

  /** Each thing after what it belongs to. */
  private static void inOrder(List<RunUpdate.Durable> whole) {
    List<Object> proposed = new ArrayList<>();
    List<Object> asked = new ArrayList<>();
    boolean paused = false;
    assertThat(whole.getFirst()).isInstanceOf(RunUpdate.Started.class);
    for (RunUpdate.Durable update : whole) {
      if (update instanceof RunUpdate.ToolCallProposed call) {
        proposed.add(call.call());
      } else if (update instanceof RunUpdate.OfCall call) {
        assertThat(proposed).contains(call.call());
      }
      switch (update) {
        case RunUpdate.Asked question -> asked.add(question.requirement());
        case RunUpdate.Paused pause -> {
          assertThat(asked)
              .containsAll(pause.requirements().stream().map(r -> r.requirement()).toList());
          assertThat(pause.requirements()).isNotEmpty();
          paused = true;
        }
        case RunUpdate.Continued on -> {
          assertThat(paused).as("something goes on that did not pause").isTrue();
          paused = false;
        }
        case RunUpdate.Replied reply -> assertThat(paused).as("a paused run speaks").isFalse();
        case RunUpdate.ToolCallStarted call ->
            assertThat(paused).as("a paused run executes").isFalse();
        default -> {}
      }
    }
  }
}
