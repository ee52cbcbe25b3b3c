package dev.assent.server;

import dev.assent.policy.Judgement;
import dev.assent.policy.PolicyTrial;
import dev.assent.policy.RecordedCall;
import dev.assent.policy.RecordedCalls;
import dev.assent.policy.RulePolicy;
import dev.assent.policy.StarterPolicy;
import dev.assent.store.jdbc.SqliteStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Checks a file of rules and tries it on recorded calls; no server is needed. */
@Command(
    name = "policy",
    description = "Checks a file of rules, and tries it on recorded calls. See docs/policy.md.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is as expected",
      "1:a call did not come out as expected, or a rule never fired",
      "2:the options are wrong",
      "3:a file cannot be used"
    })
final class PolicyCommand {
  private static final int NOT_AS_EXPECTED = 1;

  @ParentCommand ServerCommand server = new ServerCommand(System.out);

  @Command(
      name = "starter",
      description = "Prints the rules to begin with.",
      mixinStandardHelpOptions = true)
  int starter() {
    out().print(StarterPolicy.text());
    return 0;
  }

  @Command(
      name = "check",
      description = "Says everything that is wrong with a file.",
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE") Path file) {
    RulePolicy rules = RulePolicy.load(file);
    out().println(rules.name() + " v" + rules.version() + ": " + rules.rules().size() + " rules");
    return 0;
  }

  @Command(
      name = "record",
      description = {
        "Writes the calls of the data folder as recorded calls, to standard output.",
        "The server must be stopped. Arguments are written in the clear."
      },
      mixinStandardHelpOptions = true)
  int record() {
    try (SqliteStore store = AssentServer.open(server.options())) {
      CallRecorder.write(store, out());
    }
    return 0;
  }

  @Command(
      name = "test",
      description = "Tries rules on recorded calls and compares with what is expected.",
      mixinStandardHelpOptions = true)
  int test(
      @Option(names = "--policy", required = true, paramLabel = "FILE") Path policy,
      @Parameters(paramLabel = "CALLS", arity = "1..*") List<Path> calls) {
    PolicyTrial trial = trial(policy, calls);
    for (PolicyTrial.Result result : trial.results()) {
      boolean failed = !result.mismatches().isEmpty();
      out().println((failed ? "FAIL  " : "ok    ") + line(result));
      result.mismatches().forEach(mismatch -> out().println("        " + mismatch));
    }
    int failures = trial.failures().size();
    out().println(trial.results().size() + " calls, " + failures + " not as expected");
    return failures == 0 ? 0 : NOT_AS_EXPECTED;
  }

  @Command(
      name = "coverage",
      description = "Names the rules that no recorded call makes fire.",
      mixinStandardHelpOptions = true)
  int coverage(
      @Option(names = "--policy", required = true, paramLabel = "FILE") Path policy,
      @Parameters(paramLabel = "CALLS", arity = "1..*") List<Path> calls) {
    PolicyTrial trial = trial(policy, calls);
    List<String> never = trial.neverFired();
    int all = trial.policy().rules().size();
    never.forEach(rule -> out().println("never fired: " + rule));
    out().println((all - never.size()) + " of " + all + " rules fired");
    return never.isEmpty() ? 0 : NOT_AS_EXPECTED;
  }

  private static PolicyTrial trial(Path policy, List<Path> files) {
    List<RecordedCall> calls = new ArrayList<>();
    files.forEach(file -> calls.addAll(RecordedCalls.load(file)));
    return PolicyTrial.of(RulePolicy.load(policy), calls);
  }

  private static String line(PolicyTrial.Result result) {
    Judgement judgement = result.judgement();
    String rules = String.join(", ", judgement.rules());
    return result.call().name()
        + ": "
        + judgement.word()
        + (rules.isEmpty() ? "" : " by " + rules)
        + ", risk "
        + judgement.risk();
  }

  private PrintStream out() {
    return server.out();
  }
}
