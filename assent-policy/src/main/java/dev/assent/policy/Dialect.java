package dev.assent.policy;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.IntPredicate;

/**
 * CEL as conditions speak it: numbers are exact, nothing takes long. Immutable.
 *
 * <p>Left out: division and the conversion to a double, which round; what makes long texts. In
 * place of the standard ones: comparison and arithmetic with decimals, which are exact, patterns
 * and joining of texts, which are bounded.
 */
final class Dialect {
  static final int LONGEST = 4_000;

  private static final CelType DECIMAL = OpaqueType.create("decimal");

  /** Overloads that would round, or that have no bound. */
  private static final Set<String> REPLACED =
      Set.of(
          "ADD_DOUBLE",
          "ADD_STRING",
          "ADD_BYTES",
          "SUBTRACT_DOUBLE",
          "MULTIPLY_DOUBLE",
          "MATCHES",
          "MATCHES_STRING",
          "DOUBLE_TO_INT64",
          "DOUBLE_TO_UINT64");

  private static final Set<String> FUNCTIONS = Set.of("DIVIDE", "DOUBLE");

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .maxExpressionCodePointSize(LONGEST)
          .maxParseRecursionDepth(50)
          .comprehensionMaxIterations(1_000)
          .build();

  private static final CelStringExtensions.Function[] TEXT = {
    CelStringExtensions.Function.CHAR_AT,
    CelStringExtensions.Function.INDEX_OF,
    CelStringExtensions.Function.LAST_INDEX_OF,
    CelStringExtensions.Function.LOWER_ASCII,
    CelStringExtensions.Function.UPPER_ASCII,
    CelStringExtensions.Function.SUBSTRING,
    CelStringExtensions.Function.TRIM
  };

  static final CelCompiler COMPILER = compiler();
  static final CelRuntime RUNTIME = runtime();

  private Dialect() {}

  private static boolean kept(String function, String overload) {
    return !FUNCTIONS.contains(function)
        && !REPLACED.contains(overload)
        && !(overload.contains("DOUBLE") && compares(overload));
  }

  private static boolean compares(String overload) {
    return overload.startsWith("LESS") || overload.startsWith("GREATER");
  }

  private static CelCompiler compiler() {
    return CelCompilerFactory.standardCelCompilerBuilder()
        .setOptions(OPTIONS)
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .setStandardEnvironmentEnabled(false)
        .setStandardDeclarations(
            CelStandardDeclarations.newBuilder()
                .filterFunctions(
                    (function, overload) ->
                        kept(
                            function.name(),
                            overload.celOverloadDecl().overloadId().toUpperCase(Locale.ROOT)))
                .build())
        .addLibraries(CelExtensions.optional(), CelExtensions.strings(TEXT))
        .addFunctionDeclarations(declarations())
        .addVar("agent.name", SimpleType.STRING)
        .addVar("tool.name", SimpleType.STRING)
        .addVar("tool.owner", SimpleType.STRING)
        .addVar("tool.version", SimpleType.STRING)
        .addVar("tool.effect", SimpleType.STRING)
        .addVar("arguments", MapType.create(SimpleType.STRING, SimpleType.DYN))
        .addVar("session.id", SimpleType.STRING)
        .addVar("run.id", SimpleType.STRING)
        .addVar("requester.id", SimpleType.STRING)
        .addVar("requester.roles", ListType.create(SimpleType.STRING))
        .addVar("requester.service", SimpleType.BOOL)
        .addVar("risk", SimpleType.INT)
        .addVar("LOW", SimpleType.INT)
        .addVar("MEDIUM", SimpleType.INT)
        .addVar("HIGH", SimpleType.INT)
        .setResultType(SimpleType.BOOL)
        .build();
  }

  private static CelRuntime runtime() {
    return CelRuntimeFactory.standardCelRuntimeBuilder()
        .setOptions(OPTIONS)
        .setStandardEnvironmentEnabled(false)
        .setStandardFunctions(
            CelStandardFunctions.newBuilder()
                .filterFunctions(
                    (function, overload) -> {
                      String name = ((Enum<?>) overload).name();
                      return kept(function.name(), name) && !name.equals("ADD_LIST");
                    })
                .build())
        .addLibraries(CelExtensions.optional(), CelExtensions.strings(TEXT))
        .addFunctionBindings(bindings())
        .build();
  }

  /** The pairs of numbers of which one at least is no whole number. */
  private record Pair(String name, CelType a, CelType b, Class<?> left, Class<?> right) {
    static final List<Pair> ALL = pairs();

    private static List<Pair> pairs() {
      record Kind(String name, CelType type, Class<?> java) {}
      List<Kind> kinds =
          List.of(
              new Kind("int", SimpleType.INT, Long.class),
              new Kind("double", SimpleType.DOUBLE, Double.class),
              new Kind("decimal", DECIMAL, Numbers.Decimal.class));
      List<Pair> pairs = new ArrayList<>();
      for (Kind a : kinds) {
        for (Kind b : kinds) {
          if (!(a.java() == Long.class && b.java() == Long.class)) {
            pairs.add(new Pair(a.name() + "_" + b.name(), a.type(), b.type(), a.java(), b.java()));
          }
        }
      }
      return List.copyOf(pairs);
    }
  }

  private enum Comparison {
    LESS("_<_", sign -> sign < 0),
    LESS_EQUALS("_<=_", sign -> sign <= 0),
    GREATER("_>_", sign -> sign > 0),
    GREATER_EQUALS("_>=_", sign -> sign >= 0);

    final String operator;
    final IntPredicate holds;

    Comparison(String operator, IntPredicate holds) {
      this.operator = operator;
      this.holds = holds;
    }
  }

  private enum Arithmetic {
    PLUS("_+_", Numbers::plus),
    MINUS("_-_", Numbers::minus),
    TIMES("_*_", Numbers::times);

    final String operator;
    final BinaryOperator<Object> does;

    Arithmetic(String operator, BinaryOperator<Object> does) {
      this.operator = operator;
      this.does = does;
    }
  }

  private static String id(Enum<?> operation, Pair pair) {
    return "exact_" + operation.name().toLowerCase(Locale.ROOT) + "_" + pair.name();
  }

  private static List<CelFunctionDecl> declarations() {
    List<CelFunctionDecl> all = new ArrayList<>();
    for (Pair pair : Pair.ALL) {
      for (Comparison each : Comparison.values()) {
        all.add(global(each.operator, id(each, pair), SimpleType.BOOL, pair.a(), pair.b()));
      }
      for (Arithmetic each : Arithmetic.values()) {
        all.add(global(each.operator, id(each, pair), SimpleType.DYN, pair.a(), pair.b()));
      }
    }
    all.add(
        global(
            "_+_", "bounded_add_string", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING));
    all.add(
        CelFunctionDecl.newFunctionDeclaration(
            "matches",
            CelOverloadDecl.newMemberOverload(
                "bounded_matches", SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING)));
    all.add(global("hidden", "hidden_string", SimpleType.BOOL, SimpleType.STRING));
    all.add(global("visible", "visible_string", SimpleType.STRING, SimpleType.STRING));
    all.add(
        global(
            "mentions",
            "mentions_dyn_list",
            SimpleType.BOOL,
            SimpleType.DYN,
            ListType.create(SimpleType.STRING)));
    return all;
  }

  private static CelFunctionDecl global(
      String function, String id, CelType result, CelType... arguments) {
    return CelFunctionDecl.newFunctionDeclaration(
        function, CelOverloadDecl.newGlobalOverload(id, result, arguments));
  }

  private static List<CelFunctionBinding> bindings() {
    List<CelFunctionBinding> all = new ArrayList<>();
    for (Pair pair : Pair.ALL) {
      for (Comparison each : Comparison.values()) {
        all.add(binding(id(each, pair), pair, (a, b) -> each.holds.test(Numbers.compare(a, b))));
      }
      for (Arithmetic each : Arithmetic.values()) {
        all.add(binding(id(each, pair), pair, each.does));
      }
    }
    all.add(
        CelFunctionBinding.from("bounded_add_string", String.class, String.class, Texts::joined));
    all.add(CelFunctionBinding.from("add_list", List.class, List.class, Texts::joined));
    all.add(CelFunctionBinding.from("bounded_matches", String.class, String.class, Texts::matches));
    all.add(CelFunctionBinding.from("hidden_string", String.class, Texts::hidden));
    all.add(CelFunctionBinding.from("visible_string", String.class, Texts::visible));
    all.add(
        CelFunctionBinding.from(
            "mentions_dyn_list", Object.class, Collection.class, Texts::mentions));
    return all;
  }

  // What is handed in is a lambda without state.
  @SuppressWarnings("Immutable")
  private static CelFunctionBinding binding(String id, Pair pair, BinaryOperator<Object> does) {
    return CelFunctionBinding.from(
        id, List.of(pair.left(), pair.right()), (Object[] both) -> does.apply(both[0], both[1]));
  }
}
