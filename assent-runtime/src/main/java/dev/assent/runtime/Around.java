package dev.assent.runtime;

import dev.assent.core.RunState;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Model;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts middleware around model and proposals. Stateless. */
final class Around {
  private static final Logger LOG = LoggerFactory.getLogger(Around.class);

  private Around() {}

  /** Asks a model with all its tries. */
  interface Asking {
    ModelCall.Outcome ask(Model model, Model.Request request) throws InterruptedException;
  }

  /** A turn that came to no reply; it passes through the middleware as it is. */
  private static final class NoReply extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ModelCall.Outcome outcome;

    private NoReply(ModelCall.Outcome outcome) {
      super("the model gave no reply", null, false, false);
      this.outcome = outcome;
    }
  }

  static Middleware.Turn turn(RunState state) {
    return new Middleware.Turn(state.id(), state.agent(), state.session(), state.turns() + 1);
  }

  static ModelCall.Outcome model(
      List<Middleware> all, Middleware.Turn turn, Model.Request request, Model model, Asking asking)
      throws InterruptedException {
    if (all.isEmpty()) {
      return asking.ask(model, request);
    }
    Model ringed = new Ringed(all, turn, model);
    try {
      return new ModelCall.Outcome.Replied(
          Rings.<Model.Request, Model.Reply>through(
              all,
              (each, with, next) -> each.turn(turn, with, next),
              request,
              with -> {
                ModelCall.Outcome outcome = asking.ask(ringed, with);
                if (outcome instanceof ModelCall.Outcome.Replied replied) {
                  return replied.reply();
                }
                throw new NoReply(outcome);
              }));
    } catch (NoReply e) {
      return e.outcome;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LOG.warn("Middleware around the turn failed", e);
      return new ModelCall.Outcome.GaveUp(
          "middleware-failed", "what stands around the turn failed: " + e);
    }
  }

  /** The model with what stands around each try. */
  private record Ringed(List<Middleware> all, Middleware.Turn turn, Model model) implements Model {
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
      try {
        return Rings.<Request, Reply>through(
            all,
            (each, with, next) -> each.modelCall(turn, with, next),
            request,
            with -> model.call(with, deltas));
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What is proposed instead of what the model wrote; a failure refuses the call. */
  static Middleware.Proposal proposal(
      Agent agent, Middleware.Turn turn, ToolCall call, String written) {
    Middleware.Proposal wrote = new Middleware.Proposal(call.id(), call.tool(), written, null);
    List<Middleware> all =
        Rings.both(
            agent.middleware(),
            agent.tool(call.tool()).map(ToolBinding::middleware).orElse(List.of()));
    try {
      return Rings.<Middleware.Proposal, Middleware.Proposal>through(
          all, (each, with, next) -> each.proposal(turn, with, next), wrote, last -> last);
    } catch (Exception e) {
      LOG.warn("Middleware failed on the proposal of {}", call.tool(), e);
      return wrote.refused("The call could not be prepared; it was not executed.");
    }
  }
}
