package dev.assent.scenarios;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The rules that hold between the modules, and the stricter ones of the core. */
final class ArchitectureRules {

  /** A module's package, and those of our packages it may use beside its own. */
  record Module(String name, Set<String> mayUse) {

    String packages() {
      return packagesOf(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Module> MODULES =
      List.of(
          new Module("core", Set.of()),
          new Module("policy", Set.of("core")),
          new Module("store.jdbc", Set.of("core")),
          new Module("runtime", Set.of("core")),
          new Module("testkit", Set.of("core", "runtime")),
          new Module("orchestration", Set.of("core", "runtime")),
          new Module("langchain4j", Set.of("core", "runtime")),
          new Module("mcp", Set.of("core", "runtime")),
          new Module("console", Set.of("core", "runtime")),
          new Module("web", Set.of("core", "policy", "runtime")),
          new Module("ui", Set.of()),
          new Module("server", Set.of("core", "policy", "runtime", "store.jdbc", "web", "ui")),
          new Module(
              "examples",
              Set.of(
                  "core",
                  "runtime",
                  "orchestration",
                  "store.jdbc",
                  "web",
                  "ui",
                  "server",
                  "langchain4j")));

  static final ArchRule CORE_IS_ALONE =
      classes()
          .that()
          .resideInAPackage(packagesOf("core"))
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              packagesOf("core"),
              "java..",
              "javax.crypto..",
              "org.jspecify..",
              "tools.jackson.core..");

  static final ArchRule CORE_HAS_NO_CLOCK =
      noClasses()
          .that()
          .resideInAPackage(packagesOf("core"))
          .should()
          .dependOnClassesThat(assignableTo(Clock.class).or(assignableTo(InstantSource.class)))
          .orShould()
          .accessTargetWhere(readsClock());

  static final ArchRule CORE_HAS_NO_THREADS =
      noClasses()
          .that()
          .resideInAPackage(packagesOf("core"))
          .should()
          .dependOnClassesThat(
              assignableTo(Thread.class)
                  .or(assignableTo(Thread.Builder.class))
                  .or(assignableTo(Executor.class))
                  .or(assignableTo(Executors.class))
                  .or(assignableTo(CompletionStage.class))
                  .or(assignableTo(Timer.class)))
          .orShould()
          .callMethod(TimeUnit.class, "sleep", long.class);

  static final ArchRule ONE_PLACE_RUNS_TOOLS =
      noClasses()
          .that(areNot("dev.assent.runtime.ToolExecutor"))
          .should()
          .callMethodWhere(calls("dev.assent.runtime.ToolBody", "run"))
          .because("nothing but the executor reaches a tool");

  static final ArchRule ONE_PLACE_CALLS_SERVERS =
      noClasses()
          .that(areNot("dev.assent.mcp.RemoteBody"))
          .should()
          .callMethodWhere(calls("dev.assent.mcp.McpConnection", "call"))
          .because("a server's tool is called by its body and by nothing else");

  static final ArchRule ONE_PLACE_TALKS_TO_SERVERS =
      noClasses()
          .that(areNot("dev.assent.mcp.McpConnection"))
          .should()
          .callMethodWhere(calls("io.modelcontextprotocol.spec.McpSession", "sendRequest"))
          .because("what is sent to a server is sent once, in one place");

  static final ArchRule ONE_PLACE_EXECUTES =
      noClasses()
          .that(areNot("dev.assent.runtime.Attempts"))
          .should()
          .callMethodWhere(calls("dev.assent.runtime.ToolExecutor", "execute"))
          .because("an attempt has a thread and a time limit");

  static final ArchRule ONE_PLACE_LAUNCHES =
      noClasses()
          .that(areNot("dev.assent.runtime.Execution"))
          .should()
          .callMethodWhere(calls("dev.assent.runtime.Attempts", "launch"))
          .because("only the loop has written the intent");

  static final ArchRule ONE_PLACE_DECIDES =
      noClasses()
          .that(areNot("dev.assent.runtime.Decisions"))
          .should()
          .callConstructorWhere(calls("dev.assent.core.spi.Write$NewDecision", "<init>"))
          .orShould()
          .callMethodWhere(calls("dev.assent.core.SignedDecision", "sign"))
          .because("a decision is written in one place");

  private ArchitectureRules() {}

  private static DescribedPredicate<JavaClass> areNot(String name) {
    return describe("are not " + name, type -> !type.getName().equals(name));
  }

  private static DescribedPredicate<JavaAccess<?>> calls(String owner, String name) {
    return describe(
        owner + "." + name,
        access ->
            access.getTargetOwner().isAssignableTo(owner)
                && access.getTarget().getName().equals(name));
  }

  /** What the module may use among our own packages; other people's are Maven's affair. */
  static ArchRule usesOnlyWhatIsBelow(Module module) {
    String[] allowed =
        Stream.concat(Stream.of(module.name()), module.mayUse().stream())
            .map(ArchitectureRules::packagesOf)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(module.packages())
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideOutsideOfPackage("dev.assent..")
                .or(JavaClass.Predicates.resideInAnyPackage(allowed)));
  }

  private static DescribedPredicate<JavaAccess<?>> readsClock() {
    return describe(
        "reads a clock",
        access -> {
          JavaClass owner = access.getTargetOwner();
          String name = access.getTarget().getName();
          return (owner.getPackageName().startsWith("java.time") && name.equals("now"))
              || (owner.isEquivalentTo(System.class)
                  && Set.of("currentTimeMillis", "nanoTime").contains(name))
              || (owner.isEquivalentTo(Date.class) && name.equals("<init>"));
        });
  }

  private static String packagesOf(String name) {
    return "dev.assent." + name + "..";
  }
}
