package dev.assent.runtime;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.spi.Store;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the responder, one requirement after the other, after each is durable. */
final class Asking implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Asking.class);
  private static final int AFTER_START = 1000;

  private final Engine engine;
  private final Decisions decisions;
  private final Cards cards;
  private final Responder responder;
  private final Principal operator;
  private final BlockingQueue<RequirementId> waiting = new LinkedBlockingQueue<>();
  private final Set<RequirementId> queued = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean closed;

  Asking(Engine engine, Decisions decisions, Cards cards, Responder responder, Principal operator) {
    this.engine = engine;
    this.decisions = decisions;
    this.cards = cards;
    this.responder = responder;
    this.operator = operator;
    this.thread = Thread.ofPlatform().daemon().name("assent-responder").unstarted(this::loop);
    engine.onOpened(requirement -> add(requirement.id()));
  }

  void start() {
    engine
        .store()
        .requirements(engine.tenant(), Store.RequirementQuery.pending(AFTER_START))
        .items()
        .forEach(requirement -> add(requirement.id()));
    thread.start();
  }

  private void add(RequirementId id) {
    if (queued.add(id)) {
      waiting.add(id);
    }
  }

  private void loop() {
    while (!closed) {
      try {
        RequirementId id = waiting.take();
        queued.remove(id);
        ask(id);
      } catch (InterruptedException e) {
        return;
      } catch (Throwable e) {
        LOG.error("The responder failed; the requirement stays open", e);
      }
    }
  }

  private void ask(RequirementId id) {
    RequirementCard card = cards.requirement(id).orElse(null);
    if (card == null
        || !card.requirement().open()
        || engine.authority().whyNot(card.requirement(), operator).isPresent()) {
      return;
    }
    int shown = card.requirement().version();
    Optional<DecisionRequest> answer = responder.ask(card, () -> closed || !stillAsked(id, shown));
    if (answer.isPresent()) {
      DecisionOutcome outcome = decisions.decide(id, answer.get(), operator);
      if (!(outcome instanceof DecisionOutcome.Recorded)) {
        LOG.warn("The answer on {} did not count: {}", id, outcome);
      }
    }
  }

  private boolean stillAsked(RequirementId id, int version) {
    return engine
        .store()
        .requirement(engine.tenant(), id)
        .filter(Requirement::open)
        .filter(requirement -> requirement.version() == version)
        .isPresent();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
