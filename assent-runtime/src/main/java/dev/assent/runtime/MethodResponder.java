package dev.assent.runtime;

import dev.assent.core.DecisionRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** A responder made of a method with injected parameters. Immutable. */
record MethodResponder(InjectedMethod method) implements Responder {
  @Override
  public Optional<DecisionRequest> ask(RequirementCard card, BooleanSupplier withdrawn) {
    Asked asked = Asked.of(card, withdrawn);
    try {
      return begin(asked).toCompletableFuture().join().to(card);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public CompletionStage<Reply> begin(Asked asked) throws Exception {
    Object said = method.call(asked);
    return said instanceof CompletionStage<?> later
        ? later.thenApply(MethodResponder::reply)
        : CompletableFuture.completedFuture(reply(said));
  }

  private static Reply reply(Object said) {
    return switch (said) {
      case Reply reply -> reply;
      case String typed -> Reply.text(typed);
      default ->
          throw new IllegalStateException(
              "a responder returns a Reply or a text, not " + said.getClass().getName());
    };
  }

  @Override
  public Manner manner() {
    return CompletionStage.class.isAssignableFrom(method.method().getReturnType())
        ? Manner.HOLDS_RUN
        : Manner.HOLDS_THREAD;
  }
}
