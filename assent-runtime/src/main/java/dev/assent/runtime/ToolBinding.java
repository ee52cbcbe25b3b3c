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
 * @param preview says what a call would do; absent when it cannot
 * @param precondition says what a call depends on; absent when it cannot
 */
public record ToolBinding(
    ToolSpec spec,
    ToolBody body,
    @Nullable ApprovalRequired approval,
    List<Middleware> middleware,
    @Nullable Preview preview,
    @Nullable Preview precondition) {
  /** A tool with nothing around it. */
  public ToolBinding(ToolSpec spec, ToolBody body) {
    this(spec, body, null, List.of(), null, null);
  }

  /**
   * @throws IllegalArgumentException when the schema of its arguments cannot be used, or a person
   *     fills in arguments of a call that is looked at before
   */
  public ToolBinding {
    Schemas.check(spec);
    middleware = List.copyOf(middleware);
    if (!spec.involvement().fields().isEmpty() && (preview != null || precondition != null)) {
      throw new IllegalArgumentException(
          "tool '"
              + spec.name()
              + "': a preview needs all arguments, and a person fills in "
              + spec.involvement().fields()
              + " later; leave one of both out");
    }
  }

  /** The same tool, each call of which needs a person's yes. */
  public ToolBinding approvalRequired(ApprovalRequired declared) {
    List<PolicyOutcome> rules = new ArrayList<>(spec.rules());
    rules.removeIf(rule -> rule.rule().equals(ApprovalRequired.ruleOf(spec.name())));
    rules.add(declared.rule(spec.name()));
    return new ToolBinding(
        spec.withRules(rules), body, declared, middleware, preview, precondition);
  }

  /** The same tool with this inside of what stands around it. */
  public ToolBinding with(Middleware inner) {
    List<Middleware> more = new ArrayList<>(middleware);
    more.add(inner);
    return new ToolBinding(spec, body, approval, more, preview, precondition);
  }

  /** The same tool, which says what a call would do; people are shown that before they decide. */
  public ToolBinding previewed(Preview look) {
    return new ToolBinding(spec, body, approval, middleware, look, precondition);
  }

  /** The same tool, whose approvals are about this state of the world and no other. */
  public ToolBinding dependingOn(Preview state) {
    return new ToolBinding(spec, body, approval, middleware, preview, state);
  }

  /** How it finds out what a call would do. */
  Pins pins() {
    return new Pins(preview, precondition);
  }
}
