package dev.assent.mcp;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which tools of an MCP server an agent gets, and what the application says about them. Immutable:
 * each method derives.
 *
 * <p>Tools are named as the server names them. What the server itself says about their effects
 * (hints such as {@code readOnlyHint}) counts for nothing: a tool is {@link Effect#AT_MOST_ONCE}
 * unless the application says otherwise here.
 */
public final class McpTools {
  private static final Duration TIME_LIMIT = Duration.ofMinutes(1);

  private final @Nullable Set<String> only;
  private final Set<String> without;
  private final Settings ofAll;
  private final Map<String, UnaryOperator<Settings>> ofOne;

  /** What is said about one tool. */
  record Settings(
      Effect effect,
      @Nullable String effectKey,
      Duration timeLimit,
      List<PolicyOutcome> rules,
      boolean errorsDidNothing) {
    Settings {
      rules = List.copyOf(rules);
    }

    ToolSpec applied(ToolSpec listed) {
      return new ToolSpec(
          listed.owner(),
          listed.name(),
          listed.version(),
          listed.description(),
          listed.schema(),
          effect,
          effectKey,
          listed.independent(),
          timeLimit,
          rules);
    }

    private Settings with(Effect declared) {
      return new Settings(declared, effectKey, timeLimit, rules, errorsDidNothing);
    }

    private Settings named(String template) {
      return new Settings(effect, template, timeLimit, rules, errorsDidNothing);
    }

    private Settings within(Duration limit) {
      return new Settings(effect, effectKey, limit, rules, errorsDidNothing);
    }

    private Settings requiring(ApprovalTerms terms) {
      List<PolicyOutcome> more = new ArrayList<>(rules);
      more.add(new PolicyOutcome.Require(terms));
      return new Settings(effect, effectKey, timeLimit, more, errorsDidNothing);
    }

    private Settings failingCleanly() {
      return new Settings(effect, effectKey, timeLimit, rules, true);
    }
  }

  private McpTools(
      @Nullable Set<String> only,
      Set<String> without,
      Settings ofAll,
      Map<String, UnaryOperator<Settings>> ofOne) {
    this.only = only;
    this.without = without;
    this.ofAll = ofAll;
    this.ofOne = ofOne;
  }

  /** Every tool that the server lists, also one that it lists later. */
  public static McpTools all() {
    return new McpTools(
        null,
        Set.of(),
        new Settings(Effect.AT_MOST_ONCE, null, TIME_LIMIT, List.of(), false),
        Map.of());
  }

  /** These tools and no others. */
  public static McpTools only(String... tools) {
    McpTools all = all();
    return new McpTools(Set.of(tools), Set.of(), all.ofAll, all.ofOne);
  }

  /** The same without these tools. */
  public McpTools without(String... tools) {
    Set<String> more = new TreeSet<>(without);
    more.addAll(List.of(tools));
    return new McpTools(only, Set.copyOf(more), ofAll, ofOne);
  }

  /**
   * Says what a tool does outside.
   *
   * @throws IllegalArgumentException for {@link Effect#TRANSACTIONAL}: a server is not in our
   *     transaction
   */
  public McpTools effect(String tool, Effect effect) {
    if (effect == Effect.TRANSACTIONAL) {
      throw new IllegalArgumentException(
          "'" + tool + "' runs on a server and cannot be part of the store's transaction");
    }
    return each(tool, settings -> settings.with(effect));
  }

  /** Names a tool's effect by a template over its arguments: {@code invoice:{invoice_id}}. */
  public McpTools effectKey(String tool, String template) {
    return each(tool, settings -> settings.named(template));
  }

  /** How long one attempt of any of the tools may take; one minute unless said. */
  public McpTools timeLimit(Duration limit) {
    return new McpTools(only, without, ofAll.within(limit), ofOne);
  }

  /** How long one attempt of this tool may take. */
  public McpTools timeLimit(String tool, Duration limit) {
    return each(tool, settings -> settings.within(limit));
  }

  /** Every call of any of the tools needs approval under these terms. */
  public McpTools requireApproval(ApprovalTerms terms) {
    return new McpTools(only, without, ofAll.requiring(terms), ofOne);
  }

  /** Every call of this tool needs approval under these terms, beside those for all. */
  public McpTools requireApproval(String tool, ApprovalTerms terms) {
    return each(tool, settings -> settings.requiring(terms));
  }

  /**
   * Trusts the server that an error result of this tool means that nothing happened outside: the
   * call is then a plain failure. Without this its outcome counts as unknown, and after an approval
   * a person is asked what became of it.
   */
  public McpTools errorsMeanNothingHappened(String tool) {
    return each(tool, Settings::failingCleanly);
  }

  private McpTools each(String tool, UnaryOperator<Settings> change) {
    Map<String, UnaryOperator<Settings>> more = new LinkedHashMap<>(ofOne);
    more.merge(tool, change, (first, second) -> settings -> second.apply(first.apply(settings)));
    return new McpTools(only, without, ofAll, Map.copyOf(more));
  }

  boolean includes(String tool) {
    return (only == null || only.contains(tool)) && !without.contains(tool);
  }

  Settings of(String tool) {
    UnaryOperator<Settings> own = ofOne.get(tool);
    return own == null ? ofAll : own.apply(ofAll);
  }

  /** The tools that are spoken of by name. */
  Set<String> named() {
    Set<String> named = new TreeSet<>(ofOne.keySet());
    named.addAll(Objects.requireNonNullElse(only, Set.of()));
    named.addAll(without);
    return named;
  }
}
