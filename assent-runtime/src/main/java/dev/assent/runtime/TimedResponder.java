package dev.assent.runtime;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** A responder that may take only so long; {@link Ask} looks at the clock. Immutable. */
record TimedResponder(Responder behind, Duration time) implements Responder {
  @Override
  public Optional<DecisionRequest> ask(RequirementCard card, BooleanSupplier withdrawn) {
    return behind.ask(card, withdrawn);
  }

  @Override
  public CompletionStage<Reply> begin(Asked asked) throws Exception {
    return behind.begin(asked);
  }

  @Override
  public Manner manner() {
    return behind.manner();
  }

  @Override
  public boolean hides() {
    return behind.hides();
  }

  @Override
  public int tries() {
    return behind.tries();
  }

  @Override
  public void heard(Asked asked, DecisionOutcome outcome) {
    behind.heard(asked, outcome);
  }

  @Override
  public void over(Asked asked) {
    behind.over(asked);
  }
}
