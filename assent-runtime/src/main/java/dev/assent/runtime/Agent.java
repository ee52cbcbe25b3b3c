package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An agent: name, instructions, model, tools, policies. Immutable, though the tools of a {@link
 * ToolSource} may change under it; registered by name in a process.
 */
public final class Agent {
  /** So often who decides may ask it back about one call, unless something else is said. */
  static final int ASK_BACKS = 5;

  private static final Comparator<ToolBinding> BY_NAME =
      Comparator.comparing(tool -> tool.spec().name());

  private final String name;
  private final String description;
  private final String instructions;
  private final @Nullable Model model;
  private final Map<String, ToolBinding> tools;
  private final List<ToolBinding> sorted;
  private final Map<String, ToolSource> sources;
  private final List<Policy> policies;
  private final List<Middleware> middleware;
  private final @Nullable Review review;
  private final List<Guarded> guards;
  private final Limits limits;
  private final int askBacks;
  private final List<Agent> subAgents;
  private final @Nullable Prompt prompt;
  private final Provided values;

  private Agent(Builder builder) {
    this.name = builder.name;
    this.description = builder.description;
    this.instructions = builder.instructions;
    this.guards = List.copyOf(builder.guards);
    this.model =
        guards.isEmpty() || builder.model == null ? builder.model : new Unheard(builder.model);
    this.policies = List.copyOf(builder.policies);
    this.middleware = List.copyOf(builder.middleware);
    this.review = builder.review;
    this.limits = builder.limits;
    this.askBacks = builder.askBacks;
    this.subAgents = List.copyOf(builder.subAgents);
    this.prompt = builder.prompt;
    this.values = Provided.of(builder.values);
    Map<String, ToolBinding> byName = new LinkedHashMap<>();
    for (ToolBinding tool : builder.tools) {
      if (byName.put(tool.spec().name(), tool) != null) {
        throw new IllegalArgumentException(
            "agent '" + name + "' has two tools named '" + tool.spec().name() + "'; rename one");
      }
    }
    builder.approvals.forEach(
        (tool, declared) -> {
          if (byName.computeIfPresent(tool, (key, bound) -> bound.approvalRequired(declared))
              == null) {
            throw new IllegalArgumentException(
                "agent '" + name + "' has no tool '" + tool + "' to require approval for");
          }
        });
    this.tools = Map.copyOf(byName);
    this.sorted = byName.values().stream().sorted(BY_NAME).toList();
    this.sources = sources(builder.sources);
  }

  private Map<String, ToolSource> sources(List<ToolSource> added) {
    Map<String, ToolSource> byName = new LinkedHashMap<>();
    for (ToolSource source : added) {
      if (source.name().isEmpty() || source.name().indexOf('/') >= 0) {
        throw new IllegalArgumentException(
            "agent '"
                + name
                + "': '"
                + source.name()
                + "' names no source of tools; leave out '/'");
      }
      if (byName.put(source.name(), source) != null) {
        throw new IllegalArgumentException(
            "agent '"
                + name
                + "' has two sources of tools named '"
                + source.name()
                + "'; rename one");
      }
    }
    for (String tool : tools.keySet()) {
      if (byName.containsKey(sourceOf(tool))) {
        throw new IllegalArgumentException(
            "agent '"
                + name
                + "': the tool '"
                + tool
                + "' is addressed like one of the source '"
                + sourceOf(tool)
                + "'; rename one");
      }
    }
    return Map.copyOf(byName);
  }

  /** The part before the first slash; empty when there is none. */
  private static String sourceOf(String tool) {
    return tool.substring(0, Math.max(0, tool.indexOf('/')));
  }

  /**
   * A person's look at the agent's answer before it counts. Immutable.
   *
   * @param rounds how often changes may be asked for
   * @param terms who looks, and until when
   */
  public record Review(int rounds, ApprovalTerms terms) {
    private static @Nullable Review both(@Nullable Review a, @Nullable Review b) {
      return a == null || b == null
          ? (a == null ? b : a)
          : new Review(Math.min(a.rounds(), b.rounds()), a.terms().and(b.terms()));
    }
  }

  /** The look at its answers; empty when they count as they are. */
  public Optional<Review> review() {
    return Optional.ofNullable(review);
  }

  /** How far one of its runs may go. */
  public Limits limits() {
    return limits;
  }

  /** Agents that it has as tools; registered together with it. */
  public List<Agent> subAgents() {
    return subAgents;
  }

  /** Begins an agent of this name. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Its name in the process, in the API and in the audit log. */
  public String name() {
    return name;
  }

  /** What people read about it. */
  public String description() {
    return description;
  }

  /** The system message; empty when a {@link #prompt()} writes it. */
  public String instructions() {
    return instructions;
  }

  /** Writes the system message before each turn; empty when it is always the same. */
  public Optional<Prompt> prompt() {
    return Optional.ofNullable(prompt);
  }

  /** What it injects. */
  Provided values() {
    return values;
  }

  /** Its model; absent for an agent that is only used as a gate. */
  public Optional<Model> model() {
    return Optional.ofNullable(model);
  }

  /** What the model said, as its guardrails let it out, and who looks at it first. */
  Guarded.Said guarded(Middleware.Turn turn, Message.Assistant message) {
    Guarded.Said said = new Guarded.Said(message, review);
    for (Guarded guard : guards) {
      Guarded.Said next = guard.output(turn, said.message());
      said = new Guarded.Said(next.message(), Review.both(said.review(), next.review()));
    }
    return said;
  }

  /** How often the people who decide about one of its calls may ask it back. */
  public int askBacks() {
    return askBacks;
  }

  /** A model of which nobody hears a piece before the guardrails have seen the whole. */
  private record Unheard(Model model) implements Model {
    @Override
    public String name() {
      return model.name();
    }

    @Override
    public boolean answersBack() {
      return model.answersBack();
    }

    @Override
    public Reply call(Request request, Consumer<String> deltas) {
      return model.call(request, piece -> {});
    }
  }

  /** The tool that is addressed by this name, as it is now. */
  public Optional<ToolBinding> tool(String toolName) {
    ToolSource source = sources.get(sourceOf(toolName));
    return source == null
        ? Optional.ofNullable(tools.get(toolName))
        : source.tools().stream().filter(tool -> tool.spec().name().equals(toolName)).findFirst();
  }

  /** All its tools as they are now, by name. */
  public List<ToolBinding> tools() {
    if (sources.isEmpty()) {
      return sorted;
    }
    Stream<ToolBinding> remote =
        sources.values().stream()
            .flatMap(
                source ->
                    source.tools().stream()
                        .filter(tool -> sourceOf(tool.spec().name()).equals(source.name())));
    return Stream.concat(tools.values().stream(), remote).sorted(BY_NAME).toList();
  }

  /** What stands around its work, the outermost first. */
  public List<Middleware> middleware() {
    return middleware;
  }

  /** Its own policies, joined with the tools' rules and the process's. */
  public List<Policy> policies() {
    return policies;
  }

  /** Collects the parts of an agent. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private String description = "";
    private String instructions = "";
    private @Nullable Prompt prompt;
    private final Map<String, Computed> values = new LinkedHashMap<>();
    private @Nullable Model model;
    private final List<ToolBinding> tools = new ArrayList<>();
    private final List<ToolSource> sources = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();
    private final List<Middleware> middleware = new ArrayList<>();
    private final Map<String, ApprovalRequired> approvals = new LinkedHashMap<>();
    private @Nullable Review review;
    private final List<Guarded> guards = new ArrayList<>();
    private Limits limits = Limits.NONE;
    private int askBacks = ASK_BACKS;
    private final List<Agent> subAgents = new ArrayList<>();

    private Builder(String name) {
      this.name = name;
    }

    /** What people read about it. */
    public Builder description(String text) {
      this.description = text;
      return this;
    }

    /** The system message. */
    public Builder instructions(String text) {
      this.instructions = text;
      this.prompt = null;
      return this;
    }

    /** The system message, written anew before each turn. */
    public Builder instructions(Prompt written) {
      this.instructions = "";
      this.prompt = written;
      return this;
    }

    /** Has its tools, responders and prompts find this value under this name. */
    public Builder value(String valueName, Object value) {
      return computed(valueName, scope -> value);
    }

    /** Has its tools, responders and prompts find what is computed, once for each of them. */
    public Builder computed(String valueName, Computed made) {
      if (values.putIfAbsent(valueName, made) != null) {
        throw new IllegalArgumentException(
            "agent '" + name + "' has two values named '" + valueName + "'; rename one");
      }
      return this;
    }

    /** Who talks. */
    public Builder model(Model talking) {
      this.model = talking;
      return this;
    }

    /**
     * Adds tools: each argument is a {@link ToolBinding}, a {@link ToolSource} or an object with
     * annotated methods.
     *
     * @throws IllegalArgumentException when an object has no method annotated as a tool
     */
    public Builder tools(Object... toolsOrObjects) {
      for (Object each : toolsOrObjects) {
        if (each instanceof ToolBinding tool) {
          tools.add(tool);
        } else if (each instanceof ToolSource source) {
          sources.add(source);
        } else {
          tools.addAll(AnnotatedTools.of(each));
        }
      }
      return this;
    }

    /**
     * Has a person look at its answers before they count.
     *
     * @param rounds how often changes may be asked for
     */
    public Builder reviewed(int rounds, ApprovalTerms terms) {
      this.review = new Review(rounds, terms);
      return this;
    }

    /** Puts this around its work, inside of what was put there before. */
    public Builder middleware(Middleware inner) {
      middleware.add(inner);
      return this;
    }

    /** Has every call of this tool of its own ask for a person's yes, in the default words. */
    public Builder approvalRequired(String tool) {
      return approvalRequired(tool, ApprovalRequired.standard());
    }

    /** Has every call of this tool of its own ask for a person's yes. */
    public Builder approvalRequired(String tool, ApprovalRequired declared) {
      approvals.put(tool, declared);
      return this;
    }

    /** Puts a guardrail around it; who may log in looks at what it asks or fails about. */
    public Builder guardrail(String guardName, Guardrail guardrail) {
      return guardrail(
          guardName,
          guardrail,
          Duration.ofSeconds(10),
          ApprovalTerms.simple("guardrail " + guardName));
    }

    /**
     * Puts a guardrail around it, inside of what was put there before. Its model is then no longer
     * heard piece by piece.
     *
     * @param limit how long each look may take
     * @param terms who looks at what it asks or fails about, and until when
     */
    public Builder guardrail(
        String guardName, Guardrail guardrail, Duration limit, ApprovalTerms terms) {
      Guarded guard = new Guarded(guardName, guardrail, limit, terms);
      guards.add(guard);
      middleware.add(guard);
      policies.add(guard);
      tools.add(GuardedInput.tool(guard));
      return this;
    }

    /** Limits each of its runs. */
    public Builder limits(Limits most) {
      this.limits = most;
      return this;
    }

    /**
     * Lets people who decide about a call ask the agent back so often at most, 5 unless said here.
     *
     * @param most none or more
     * @throws IllegalArgumentException when it is negative
     */
    public Builder askBacks(int most) {
      if (most < 0) {
        throw new IllegalArgumentException("asked back " + most + " times: say 0 or more");
      }
      this.askBacks = most;
      return this;
    }

    /**
     * Has other agents as tools: each is called with a {@code task}, works in a run of its own, and
     * what it waits for shows on this agent's run.
     */
    public Builder subAgents(Agent... others) {
      for (Agent other : others) {
        subAgents.add(other);
        tools.add(AgentTool.of(other));
      }
      return this;
    }

    /**
     * Asks for approval of a tool's calls when their arguments say so.
     *
     * @param when looks at the canonical arguments; one that throws means: ask
     */
    public Builder approvalWhen(String tool, Predicate<JsonObject> when, ApprovalTerms terms) {
      policies.add(
          question ->
              question.tool().name().equals(tool) && when.test((JsonObject) question.arguments())
                  ? new PolicyOutcome.Require(terms)
                  : new PolicyOutcome.Allow("the condition of " + terms.rule() + " does not hold"));
      return this;
    }

    /** Adds a policy. */
    public Builder policy(Policy policy) {
      policies.add(policy);
      return this;
    }

    /**
     * The agent.
     *
     * @throws IllegalArgumentException when two tools or two sources of tools share a name
     */
    public Agent build() {
      return new Agent(this);
    }
  }
}
