package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Message;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Policy;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One guardrail where it stands: as middleware it masks, as a policy it denies and asks, and what
 * goes out it holds. Thread-safe; closed when the guardrail fails.
 *
 * @param terms who looks when it asks or fails
 */
record Guarded(String name, Guardrail guardrail, Duration limit, ApprovalTerms terms)
    implements Middleware, Policy {
  private static final Logger LOG = LoggerFactory.getLogger(Guarded.class);
  private static final String FAILED = "The guardrail could not look at it.";

  Guarded {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException(
          "guardrail '" + name + "' needs a positive time limit, it has " + limit);
    }
  }

  private Guardrail.Finding look(Callable<Guardrail.Finding> look) {
    FutureTask<Guardrail.Finding> task =
        new FutureTask<>(() -> Objects.requireNonNull(look.call(), "a guardrail found null"));
    Thread.ofVirtual().name("assent-guardrail-" + name).start(task);
    try {
      return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      LOG.warn("Guardrail {} gave no answer in {}; a person is asked", name, limit);
    } catch (ExecutionException e) {
      LOG.warn("Guardrail {} failed; a person is asked", name, e.getCause());
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
    }
    return new Guardrail.Finding.Ask(FAILED);
  }

  private ApprovalTerms terms(String why) {
    return terms.of("guardrail " + name, terms.risk(), why, terms.summary());
  }

  // ---- arguments ----

  /** What is not even JSON goes on as it is: it is refused where it is parsed. */
  @Override
  public Proposal proposal(Turn turn, Proposal proposal, Next<Proposal, Proposal> next)
      throws Exception {
    JsonObject arguments = object(proposal.arguments());
    Guardrail.Finding found =
        arguments == null
            ? new Guardrail.Finding.Pass()
            : look(() -> guardrail.arguments(place(turn), proposal.tool(), arguments));
    return next.proceed(
        found instanceof Guardrail.Finding.Mask mask && object(mask.with()) != null
            ? proposal.withArguments(mask.with())
            : proposal);
  }

  static Guardrail.Place place(Turn turn) {
    return new Guardrail.Place(turn.run(), turn.agent(), turn.session());
  }

  private static @Nullable JsonObject object(String text) {
    try {
      return Json.parse(text) instanceof JsonObject with ? with : null;
    } catch (MalformedJsonException e) {
      return null;
    }
  }

  @Override
  public PolicyOutcome judge(Question question) {
    if (!(question.arguments() instanceof JsonObject arguments)) {
      return new PolicyOutcome.Require(terms(FAILED));
    }
    Guardrail.Place place =
        new Guardrail.Place(question.run(), question.agent(), question.session());
    return switch (look(() -> guardrail.arguments(place, question.tool().name(), arguments))) {
      case Guardrail.Finding.Pass pass -> new PolicyOutcome.Allow("guardrail " + name);
      case Guardrail.Finding.Deny deny ->
          new PolicyOutcome.Deny("guardrail " + name, deny.reason());
      case Guardrail.Finding.Ask ask -> new PolicyOutcome.Require(terms(ask.why()));
      case Guardrail.Finding.Mask mask ->
          new PolicyOutcome.Require(terms("It would have to be masked once more."));
    };
  }

  // ---- what a tool gave back ----

  @Override
  public String execution(ToolRun run, Body next) throws Exception {
    String text = Objects.requireNonNullElse(next.proceed(), "done");
    Guardrail.Place place =
        new Guardrail.Place(run.context().run(), run.context().agent(), run.context().session());
    return switch (look(() -> guardrail.result(place, run.tool().name(), text))) {
      case Guardrail.Finding.Pass pass -> text;
      case Guardrail.Finding.Mask mask -> mask.with();
      case Guardrail.Finding.Deny deny ->
          "It was executed. Its result is withheld: " + deny.reason();
      case Guardrail.Finding.Ask ask -> {
        run.context().hold(terms(ask.why()));
        yield text;
      }
    };
  }

  // ---- what the model says ----

  /** What is said in its place, and who looks first. */
  record Said(Message.Assistant message, Agent.@Nullable Review review) {}

  /** Only an answer can be held; what is said beside calls is withheld instead. */
  Said output(Turn turn, Message.Assistant message) {
    Guardrail.Place place = place(turn);
    if (message.text().isEmpty()) {
      return new Said(message, null);
    }
    return switch (look(() -> guardrail.output(place, message.text()))) {
      case Guardrail.Finding.Pass pass -> new Said(message, null);
      case Guardrail.Finding.Mask mask -> new Said(saying(message, mask.with()), null);
      case Guardrail.Finding.Deny deny ->
          new Said(saying(message, "This is withheld: " + deny.reason()), null);
      case Guardrail.Finding.Ask ask ->
          message.calls().isEmpty()
              ? new Said(message, new Agent.Review(1, terms(ask.why())))
              : new Said(saying(message, "This is withheld: " + ask.why()), null);
    };
  }

  private static Message.Assistant saying(Message.Assistant message, String text) {
    return new Message.Assistant(text, message.calls());
  }

  // ---- what is said to the agent ----

  @Override
  public Model.Reply turn(Turn turn, Model.Request request, Next<Model.Request, Model.Reply> next)
      throws Exception {
    return new GuardedInput(this, turn, request).ask(next);
  }

  Guardrail.Finding input(Guardrail.Place place, String text) {
    return look(() -> guardrail.input(place, text));
  }
}
