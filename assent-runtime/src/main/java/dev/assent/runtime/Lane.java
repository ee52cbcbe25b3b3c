package dev.assent.runtime;

import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One responder and the person it answers as. Its requirements are begun in order, on a thread of
 * its own, so that a slow person holds nobody else up. Thread-safe.
 */
final class Lane implements AutoCloseable {
  private final Asking asking;
  private final Principal principal;
  private final Responder responder;
  private final BlockingQueue<Ask> waiting = new LinkedBlockingQueue<>();
  private final Map<RequirementId, Ask> under = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  Lane(Asking asking, Principal principal, Responder responder) {
    this.asking = asking;
    this.principal = principal;
    this.responder = responder;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("assent-responder-" + principal.id())
            .unstarted(this::loop);
  }

  /** Starts asking; what is added before waits. */
  Lane start() {
    thread.start();
    return this;
  }

  Principal principal() {
    return principal;
  }

  Responder responder() {
    return responder;
  }

  boolean closed() {
    return closed;
  }

  /** Puts this to the responder; empty when it is there already. */
  @Nullable Ask add(Requirement requirement) {
    Ask fresh = new Ask(asking, this, requirement);
    if (closed || under.putIfAbsent(requirement.id(), fresh) != null) {
      return null;
    }
    waiting.add(fresh);
    return fresh;
  }

  void ended(Ask ask) {
    under.remove(ask.requirement().id(), ask);
  }

  private void loop() {
    while (!closed) {
      try {
        begin(waiting.take());
      } catch (InterruptedException e) {
        continue; // Either it is closed, or the interrupt was meant for a responder.
      }
    }
  }

  private void begin(Ask ask) throws InterruptedException {
    if (responder.manner() == Responder.Manner.HOLDS_THREAD) {
      ask.run(() -> {});
      return;
    }
    CountDownLatch begun = new CountDownLatch(1);
    Thread.ofVirtual()
        .name("assent-ask-" + ask.requirement().id())
        .start(() -> ask.run(begun::countDown));
    begun.await();
  }

  @Override
  public void close() {
    closed = true;
    under.values().forEach(Ask::drop);
    thread.interrupt();
  }
}
