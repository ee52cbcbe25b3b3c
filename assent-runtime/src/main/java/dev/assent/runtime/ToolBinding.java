package dev.assent.runtime;

import dev.assent.core.PolicyOutcome;
import dev.assent.core.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tool together with its body. Immutable. The two always travel together, so that what was judged
 * and what runs cannot come apart.
 *
 * @param approval how it is asked for; absent unless every call needs a yes
 * @param middleware what stands around it, the outermost first
 */
public record ToolBinding(
    ToolSpec spec,
    ToolBody body,
    @Nullable ApprovalRequired approval,
    List<Middleware> middleware) {
  /** A tool with nothing around it. */
  public ToolBinding(ToolSpec spec, ToolBody body) {
    this(spec, body, null, List.of());
  }

  /**
   * @throws IllegalArgumentException when the schema of its arguments cannot be used
   */
  public ToolBinding {
    Schemas.check(spec);
    middleware = List.copyOf(middleware);
  }

  /** The same tool, each call of which needs a person's yes. */
  public ToolBinding approvalRequired(ApprovalRequired declared) {
    List<PolicyOutcome> rules = new ArrayList<>(spec.rules());
    rules.removeIf(rule -> rule.rule().equals(ApprovalRequired.ruleOf(spec.name())));
    rules.add(declared.rule(spec.name()));
    return new ToolBinding(spec.withRules(rules), body, declared, middleware);
  }

  /** The same tool with this inside of what stands around it. */
  public ToolBinding with(Middleware inner) {
    List<Middleware> more = new ArrayList<>(middleware);
    more.add(inner);
    return new ToolBinding(spec, body, approval, more);
  }
}
