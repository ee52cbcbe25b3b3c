package dev.assent.scenarios;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static dev.assent.scenarios.ArchitectureRules.CORE_HAS_NO_CLOCK;
import static dev.assent.scenarios.ArchitectureRules.CORE_HAS_NO_THREADS;
import static dev.assent.scenarios.ArchitectureRules.CORE_IS_ALONE;
import static dev.assent.scenarios.ArchitectureRules.ONE_PLACE_CALLS_SERVERS;
import static dev.assent.scenarios.ArchitectureRules.ONE_PLACE_DECIDES;
import static dev.assent.scenarios.ArchitectureRules.ONE_PLACE_EXECUTES;
import static dev.assent.scenarios.ArchitectureRules.ONE_PLACE_LAUNCHES;
import static dev.assent.scenarios.ArchitectureRules.ONE_PLACE_RUNS_TOOLS;
import static dev.assent.scenarios.ArchitectureRules.ONE_PLACE_TALKS_TO_SERVERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.assent.core.fixture.Violations;
import dev.assent.scenarios.ArchitectureRules.Module;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps the direction of dependencies, and the core free of everything that is not pure. */
class ArchitectureTest {

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.assent");

  static final List<Module> MODULES = ArchitectureRules.MODULES;

  @Nested
  class Sight {

    @ParameterizedTest
    @FieldSource("dev.assent.scenarios.ArchitectureTest#MODULES")
    void seesClassesOfEveryModule(Module module) {
      assertThat(PRODUCTION.that(resideInAPackage(module.packages()))).isNotEmpty();
    }

    @Test
    void knowsEveryPackageItSees() {
      assertThat(PRODUCTION)
          .extracting(JavaClass::getPackageName)
          .allMatch(
              name ->
                  MODULES.stream()
                      .anyMatch(module -> (name + ".").startsWith("dev.assent." + module + ".")));
    }

    @Test
    void aRuleWithoutClassesFails() {
      ArchRule rule = ArchitectureRules.usesOnlyWhatIsBelow(MODULES.getFirst());

      assertThatThrownBy(() -> rule.check(new ClassFileImporter().importClasses(String.class)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("failed to check any classes");
    }
  }

  @Nested
  class Direction {

    @ParameterizedTest
    @FieldSource("dev.assent.scenarios.ArchitectureTest#MODULES")
    void modulesUseOnlyWhatIsBelowThem(Module module) {
      ArchitectureRules.usesOnlyWhatIsBelow(module).check(PRODUCTION);
    }

    @Test
    void usingAModuleAboveIsCaught() {
      assertBites(
          ArchitectureRules.usesOnlyWhatIsBelow(MODULES.getFirst()), Violations.LooksUp.class);
    }
  }

  @Nested
  class Core {

    @Test
    void usesOnlyTheJdkJspecifyAndJacksonStreaming() {
      CORE_IS_ALONE.check(PRODUCTION);
    }

    @Test
    void readsNoClock() {
      CORE_HAS_NO_CLOCK.check(PRODUCTION);
    }

    @Test
    void startsNoThread() {
      CORE_HAS_NO_THREADS.check(PRODUCTION);
    }

    @ParameterizedTest
    @ValueSource(classes = {Violations.HoldsLogger.class, Violations.LooksUp.class})
    void anotherLibraryIsCaught(Class<?> offender) {
      assertBites(CORE_IS_ALONE, offender);
    }

    @ParameterizedTest
    @ValueSource(
        classes = {
          Violations.HoldsClock.class,
          Violations.AsksForNow.class,
          Violations.RefersToNow.class,
          Violations.AsksForToday.class,
          Violations.MakesDate.class,
          Violations.AsksForMillis.class
        })
    void aClockIsCaught(Class<?> offender) {
      assertBites(CORE_HAS_NO_CLOCK, offender);
    }

    @ParameterizedTest
    @ValueSource(
        classes = {
          Violations.StartsThread.class,
          Violations.Sleeps.class,
          Violations.HoldsExecutor.class,
          Violations.RunsAsynchronously.class
        })
    void aThreadIsCaught(Class<?> offender) {
      assertBites(CORE_HAS_NO_THREADS, offender);
    }
  }

  @Nested
  class Gate {

    @Test
    @Tag("X6")
    @Tag("X70")
    @Tag("X71")
    void onlyTheExecutorRunsATool() {
      ONE_PLACE_RUNS_TOOLS.check(PRODUCTION);
    }

    @Test
    @Tag("X71")
    void onlyTheBodyOfARemoteToolCallsItsServer() {
      ONE_PLACE_CALLS_SERVERS.check(PRODUCTION);
      ONE_PLACE_TALKS_TO_SERVERS.check(PRODUCTION);
    }

    @Test
    void onlyTheLoopLaunchesAttemptsAndOnlyTheyExecute() {
      ONE_PLACE_LAUNCHES.check(PRODUCTION);
      ONE_PLACE_EXECUTES.check(PRODUCTION);
    }

    @Test
    void onlyDecisionsWritesDecisions() {
      ONE_PLACE_DECIDES.check(PRODUCTION);
    }

    @Test
    void anotherWayToAToolIsCaught() {
      assertBites(ONE_PLACE_RUNS_TOOLS, Violations.RunsTool.class);
      assertBites(ONE_PLACE_TALKS_TO_SERVERS, Violations.AsksServer.class);
    }

    @Test
    void anotherWriterOfDecisionsIsCaught() {
      assertBites(ONE_PLACE_DECIDES, Violations.Decides.class);
      assertBites(ONE_PLACE_DECIDES, Violations.Signs.class);
    }
  }

  private static void assertBites(ArchRule rule, Class<?> offender) {
    JavaClasses classes = new ClassFileImporter().importClasses(offender);

    assertThatThrownBy(() -> rule.check(classes))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(offender.getSimpleName())
        .hasMessageContaining("Architecture Violation");
  }
}
