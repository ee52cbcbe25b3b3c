package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.CrashPoints;
import dev.assent.testkit.Scenario;
import dev.assent.testkit.ScriptedPerson;
import dev.assent.testkit.StoreFactory;
import java.nio.file.Path;

/** Where a story is played; each of them comes to the same end. */
enum StoryWorld {
  /** In this process: in memory, and on a file. */
  IN_PROCESS {
    @Override
    void plays(Scenario story, Path folder) {
      story.play();
      story.play(files(folder));
    }
  },

  /** Behind the HTTP API of a server, where another account than the deciders' starts the run. */
  OVER_HTTP {
    @Override
    void plays(Scenario story, Path folder) {
      story.playIn(
          stage ->
              new HttpWorld(
                  folder.resolve("data"),
                  story.agents(stage),
                  story.people().toArray(ScriptedPerson[]::new)));
    }
  },

  /** With the process gone before and after each of its commits, and another that goes on. */
  CRASHING {
    @Override
    void plays(Scenario story, Path folder) {
      CrashPoints.Report report = CrashPoints.everyCommit(story);
      assertThat(report.commits()).isGreaterThanOrEqualTo(2);
      assertThat(report.crashes()).isGreaterThan(report.commits());
    }
  };

  abstract void plays(Scenario story, Path folder);

  private static StoreFactory files(Path folder) {
    return (name, clock) ->
        SqliteStore.at(folder.resolve(name + ".db"), World.keyring()).clock(clock).open();
  }
}
