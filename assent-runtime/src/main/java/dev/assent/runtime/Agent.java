package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An agent: name, instructions, model, tools, policies. Immutable; registered by name in a process.
 */
public final class Agent {
  private final String name;
  private final String description;
  private final String instructions;
  private final @Nullable Model model;
  private final Map<String, ToolBinding> tools;
  private final List<Policy> policies;
  private final @Nullable Review review;

  private Agent(Builder builder) {
    this.name = builder.name;
    this.description = builder.description;
    this.instructions = builder.instructions;
    this.model = builder.model;
    this.policies = List.copyOf(builder.policies);
    this.review = builder.review;
    Map<String, ToolBinding> byName = new LinkedHashMap<>();
    for (ToolBinding tool : builder.tools) {
      if (byName.put(tool.spec().name(), tool) != null) {
        throw new IllegalArgumentException(
            "agent '" + name + "' has two tools named '" + tool.spec().name() + "'; rename one");
      }
    }
    this.tools = Map.copyOf(byName);
  }

  /**
   * A person's look at the agent's answer before it counts. Immutable.
   *
   * @param rounds how often changes may be asked for
   * @param terms who looks, and until when
   */
  public record Review(int rounds, ApprovalTerms terms) {}

  /** The look at its answers; empty when they count as they are. */
  public Optional<Review> review() {
    return Optional.ofNullable(review);
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

  /** The system message. */
  public String instructions() {
    return instructions;
  }

  /** Its model; absent for an agent that is only used as a gate. */
  public Optional<Model> model() {
    return Optional.ofNullable(model);
  }

  /** The tool that is addressed by this name. */
  public Optional<ToolBinding> tool(String toolName) {
    return Optional.ofNullable(tools.get(toolName));
  }

  /** All its tools, by name. */
  public List<ToolBinding> tools() {
    return tools.values().stream()
        .sorted((a, b) -> a.spec().name().compareTo(b.spec().name()))
        .toList();
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
    private @Nullable Model model;
    private final List<ToolBinding> tools = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();
    private @Nullable Review review;

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
      return this;
    }

    /** Who talks. */
    public Builder model(Model talking) {
      this.model = talking;
      return this;
    }

    /**
     * Adds tools: each argument is a {@link ToolBinding} or an object with annotated methods.
     *
     * @throws IllegalArgumentException when an object has no method annotated as a tool
     */
    public Builder tools(Object... toolsOrObjects) {
      for (Object each : toolsOrObjects) {
        if (each instanceof ToolBinding tool) {
          tools.add(tool);
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

    /** Adds a policy. */
    public Builder policy(Policy policy) {
      policies.add(policy);
      return this;
    }

    /**
     * The agent.
     *
     * @throws IllegalArgumentException when two tools share a name
     */
    public Agent build() {
      return new Agent(this);
    }
  }
}
