package dev.assent.benchmarks;

import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.RunId;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Policy;
import dev.assent.policy.RulePolicy;
import dev.cel.common.CelOptions;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One call judged by a file of {@link #RULES} rules of which {@link #MATCHING} can fit, and the
 * bare evaluation of those conditions with values at hand. Run by {@link PolicySpeed}.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PolicyBenchmark {
  static final int RULES = 1_000;
  static final int MATCHING = 20;

  private static final String ARGUMENTS =
      """
      {"amount":10000.01,"vendor":"Unicorn","memo":"Office chairs for the new floor",
       "lines":[{"text":"chair","price":199.99},{"text":"desk","price":900}],"urgent":false}""";

  /** Conditions of the kinds that people write; {@code %d} makes each its own. */
  private static final List<String> CONDITIONS =
      List.of(
          "arguments.amount > %d",
          "arguments.vendor == \"vendor-%d\" && arguments.amount > 100",
          "arguments.memo.contains(\"gift-%d\")",
          "arguments.lines.exists(line, line.price > 1000%d)",
          "has(arguments.account) && arguments.account == \"a-%d\"");

  private static String condition(int number) {
    return CONDITIONS.get(number % CONDITIONS.size()).formatted(number + 20_000);
  }

  /** The file, and the call in question. */
  @State(Scope.Benchmark)
  public static class Ours {
    private @Nullable RulePolicy policy;
    private Policy.@Nullable Question question;

    /** Writes and compiles the rules. */
    @Setup
    public void load() {
      policy = RulePolicy.parse("benchmark.yaml", file());
      question =
          new Policy.Question("payer", tool(), Json.parse(ARGUMENTS), new RunId("r1"), "s1", "mia");
    }

    private static String file() {
      StringBuilder text =
          new StringBuilder(
              """
              assent: policy/1
              name: benchmark
              version: 1
              default-approvers: 1 of role approver
              otherwise: allow
              rules:
              """);
      for (int i = 0; i < RULES; i++) {
        boolean matching = i % (RULES / MATCHING) == 0;
        text.append("  - id: rule-").append(i).append('\n');
        text.append("    tools: ").append(matching ? tools(i) : "tool-" + i).append('\n');
        text.append("    when: '").append(condition(i)).append("'\n");
        text.append("    then: ").append(i % 3 == 0 ? "audit" : "ask").append('\n');
      }
      return text.toString();
    }

    private static String tools(int number) {
      return number % 100 == 0 ? "pay" : "'pa*'";
    }

    private static ToolSpec tool() {
      return new ToolSpec(
          ToolSpec.OWN_CODE,
          "pay",
          "1",
          "Pays",
          JsonObject.empty(),
          Effect.AT_MOST_ONCE,
          null,
          false,
          Duration.ofSeconds(1),
          List.of());
    }
  }

  /** The same conditions alone, in CEL as it comes. */
  @State(Scope.Benchmark)
  public static class Bare {
    private final List<CelRuntime.Program> programs = new ArrayList<>();
    private Map<String, Object> values = Map.of();

    /** Compiles the conditions that can fit. */
    @Setup
    public void compile() throws Exception {
      CelOptions options = CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
      CelCompiler compiler =
          CelCompilerFactory.standardCelCompilerBuilder()
              .setOptions(options)
              .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
              .addVar("arguments", MapType.create(SimpleType.STRING, SimpleType.DYN))
              .setResultType(SimpleType.BOOL)
              .build();
      CelRuntime runtime =
          CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(options).build();
      for (int i = 0; i < RULES; i += RULES / MATCHING) {
        programs.add(runtime.createProgram(compiler.compile(condition(i)).getAst()));
      }
      values = Map.of("arguments", plain(Json.parse(ARGUMENTS)));
    }

    private static Object plain(Json json) {
      return switch (json) {
        case JsonObject object -> {
          Map<String, Object> members = new LinkedHashMap<>();
          object.members().forEach((name, value) -> members.put(name, plain(value)));
          yield members;
        }
        case JsonArray array -> array.elements().stream().map(Bare::plain).toList();
        case JsonNumber number -> number.decimal().doubleValue();
        case JsonString string -> string.value();
        default -> json.toString();
      };
    }
  }

  /** Judged by the file. */
  @Benchmark
  public PolicyOutcome assent(Ours ours) {
    return Objects.requireNonNull(ours.policy).judge(Objects.requireNonNull(ours.question));
  }

  /** The conditions alone. */
  @Benchmark
  public int bare(Bare bare) throws Exception {
    int holding = 0;
    for (CelRuntime.Program program : bare.programs) {
      holding += Boolean.TRUE.equals(program.eval(bare.values)) ? 1 : 0;
    }
    return holding;
  }
}
