package dev.assent.runtime;

import dev.assent.core.DecisionRequest;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A responder made of a function. Immutable. */
record Replying(Function<Asked, CompletionStage<Reply>> answering, boolean blocks)
    implements Responder {
  @Override
  public Optional<DecisionRequest> ask(RequirementCard card, BooleanSupplier withdrawn) {
    return begin(Asked.of(card, withdrawn)).toCompletableFuture().join().to(card);
  }

  @Override
  public CompletionStage<Reply> begin(Asked asked) {
    return answering.apply(asked);
  }

  @Override
  public Manner manner() {
    return blocks ? Manner.HOLDS_THREAD : Manner.HOLDS_RUN;
  }
}
