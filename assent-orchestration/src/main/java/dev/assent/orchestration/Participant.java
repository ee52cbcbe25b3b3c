package dev.assent.orchestration;

import dev.assent.core.PolicyOutcome;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Policy;
import dev.assent.runtime.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One of the two who talk: a person, a language model, or both at one seat. Immutable.
 *
 * <p>At its turn it replies with what a person types, or by itself: with its model, or without one
 * with a fixed text. Its mode says when a person is asked.
 */
public final class Participant {
  /** How often in a row a participant replies by itself, unless said. */
  public static final int AUTOMATIC_REPLIES = 100;

  /** The message that ends a conversation, unless said. */
  public static final String TERMINATE = "TERMINATE";

  private final Agent agent;
  private final List<Object> tools;
  private final List<Policy> policies;
  private final HumanInputMode mode;
  private final int limit;
  private final Predicate<String> termination;
  private final String otherwise;
  private final boolean decidesInWords;
  private final @Nullable Model model;

  private Participant(Builder builder) {
    this.agent =
        Agent.named(builder.name)
            .instructions(builder.instructions)
            .tools(builder.tools.toArray())
            .build();
    this.tools = List.copyOf(builder.tools);
    this.policies = List.copyOf(builder.policies);
    this.mode = builder.mode;
    this.limit = builder.limit;
    this.termination = builder.termination;
    this.otherwise = builder.otherwise;
    this.decidesInWords = builder.decidesInWords;
    this.model = builder.model;
  }

  /** A person, who is asked at every turn. */
  public static Builder person(String name) {
    return new Builder(name, HumanInputMode.ALWAYS);
  }

  /** An assistant that is never spoken for. */
  public static Builder assistant(String name, Model model) {
    return new Builder(name, HumanInputMode.NEVER).model(model);
  }

  /** An agent that a person may speak for when it would end. */
  public static Builder agent(String name, Model model) {
    return new Builder(name, HumanInputMode.TERMINATE).model(model);
  }

  /** Its name in the conversation. */
  public String name() {
    return agent.name();
  }

  /** When a person is asked before it replies. */
  public HumanInputMode mode() {
    return mode;
  }

  /** How often in a row it replies by itself. */
  public int automaticReplies() {
    return limit;
  }

  /** True when this text, said to it, is a termination message. */
  public boolean endsOn(String text) {
    return termination.test(text);
  }

  Optional<Model> model() {
    return Optional.ofNullable(model);
  }

  String instructions() {
    return agent.instructions();
  }

  String otherwise() {
    return otherwise;
  }

  boolean decidesInWords() {
    return decidesInWords;
  }

  /** True when this is a tool of its own. */
  boolean offers(String tool) {
    return agent.tool(tool).isPresent();
  }

  /** Puts what it brings into the agent of the conversation; its rules are about its own tools. */
  void join(Agent.Builder all) {
    all.tools(tools.toArray());
    for (Policy policy : policies) {
      all.policy(
          question ->
              offers(question.tool().name())
                  ? policy.judge(question)
                  : new PolicyOutcome.Allow("not a tool of " + name()));
    }
  }

  /** Collects the parts of a participant. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private HumanInputMode mode;
    private String instructions = "";
    private @Nullable Model model;
    private final List<Object> tools = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();
    private int limit = AUTOMATIC_REPLIES;
    private Predicate<String> termination = text -> text.strip().equals(TERMINATE);
    private String otherwise = "";
    private boolean decidesInWords;

    private Builder(String name, HumanInputMode mode) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("a participant needs a name");
      }
      this.name = name;
      this.mode = mode;
    }

    /** When a person is asked. */
    public Builder mode(HumanInputMode asked) {
      this.mode = asked;
      return this;
    }

    /** Who talks for it when nobody types. */
    public Builder model(Model talking) {
      this.model = talking;
      return this;
    }

    /** The system message of its model. */
    public Builder instructions(String text) {
      this.instructions = text;
      return this;
    }

    /** What its model may call, as in {@link Agent.Builder#tools}. */
    public Builder tools(Object... toolsOrObjects) {
      tools.addAll(List.of(toolsOrObjects));
      return this;
    }

    /** Adds rules over its tools. */
    public Builder policy(Policy policy) {
      policies.add(policy);
      return this;
    }

    /**
     * How often in a row it may reply by itself; a text that a person types counts anew.
     *
     * @throws IllegalArgumentException when negative
     */
    public Builder automaticReplies(int most) {
      if (most < 0) {
        throw new IllegalArgumentException("a limit of automatic replies is not negative: " + most);
      }
      this.limit = most;
      return this;
    }

    /** What, said to it, is a termination message; must be a pure function of the text. */
    public Builder endsOn(Predicate<String> message) {
      this.termination = message;
      return this;
    }

    /** What it says by itself without a model; nothing, unless said. */
    public Builder otherwise(String text) {
      this.otherwise = text;
      return this;
    }

    /**
     * A typed {@code approve} or {@code deny} does not interrupt calls that are open: they go to
     * their gates. At the terminal ({@link ConversationRun#process}) it is then the decision on
     * each gated call that the message had shown; elsewhere each is decided on its own card.
     */
    public Builder decidesInWords() {
      this.decidesInWords = true;
      return this;
    }

    /**
     * The participant.
     *
     * @throws IllegalArgumentException when two tools share a name
     */
    public Participant build() {
      return new Participant(this);
    }
  }
}
