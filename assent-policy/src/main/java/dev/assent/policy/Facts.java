package dev.assent.policy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Risk;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Directory;
import dev.assent.core.spi.Policy;
import dev.cel.runtime.CelVariableResolver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What conditions know about one call, looked up when they ask. Used by one thread. */
final class Facts implements CelVariableResolver {
  private final Policy.Question question;
  private final Directory directory;
  private @Nullable Map<String, Object> arguments;
  private @Nullable Principal requester;
  private Risk risk;

  Facts(Policy.Question question, Directory directory) {
    this.question = question;
    this.directory = directory;
    this.risk = declared(question.tool());
  }

  /** What the tool says about itself; one that changes nothing and says nothing is of low risk. */
  static Risk declared(ToolSpec tool) {
    return tool.rules().stream()
        .filter(PolicyOutcome.Require.class::isInstance)
        .map(rule -> ((PolicyOutcome.Require) rule).terms())
        .map(ApprovalTerms::risk)
        .max(Risk::compareTo)
        .orElse(tool.effect() == Effect.READ_ONLY ? Risk.LOW : Risk.MEDIUM);
  }

  Risk risk() {
    return risk;
  }

  void raise(Risk to) {
    risk = to.compareTo(risk) > 0 ? to : risk;
  }

  @Override
  public Optional<Object> find(String name) {
    return Optional.ofNullable(value(name));
  }

  /** Absent for what is not known, which makes a condition fail. */
  private @Nullable Object value(String name) {
    return switch (name) {
      case "arguments" -> arguments();
      case "agent.name" -> question.agent();
      case "tool.name" -> question.tool().name();
      case "tool.owner" -> question.tool().owner();
      case "tool.version" -> question.tool().version();
      case "tool.effect" -> question.tool().effect().name();
      case "session.id" -> question.session();
      case "run.id" -> question.run().value();
      case "requester.id" -> question.requester();
      case "requester.roles" -> roles();
      case "requester.service" -> service();
      case "risk" -> (long) risk.ordinal();
      case "LOW" -> (long) Risk.LOW.ordinal();
      case "MEDIUM" -> (long) Risk.MEDIUM.ordinal();
      case "HIGH" -> (long) Risk.HIGH.ordinal();
      default -> null;
    };
  }

  /**
   * @throws Work.TooMuchException when they are more than conditions look at
   */
  private Map<String, Object> arguments() {
    Map<String, Object> known = arguments;
    if (known == null) {
      known = question.arguments() instanceof JsonObject object ? CelValues.of(object) : Map.of();
      arguments = known;
    }
    return known;
  }

  private @Nullable List<String> roles() {
    Principal known = known();
    return known == null ? null : known.roles().stream().sorted().toList();
  }

  private @Nullable Boolean service() {
    Principal known = known();
    return known == null ? null : known.kind() == Principal.Kind.SERVICE;
  }

  private @Nullable Principal known() {
    if (requester == null) {
      requester = directory.find(question.requester()).orElse(null);
    }
    return requester;
  }
}
