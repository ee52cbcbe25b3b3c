package dev.assent.runtime;

import dev.assent.core.RunId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What models in this process are saying right now, and who listens. Thread-safe. */
final class LiveTexts {
  private final Map<RunId, LiveText> texts = new ConcurrentHashMap<>();
  private final Map<RunId, Set<Runnable>> bells = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** A turn begins: the model is asked in this version of the run. */
  LiveText begin(RunId run, long version) {
    LiveText text = new LiveText(version, () -> ring(run));
    texts.put(run, text);
    return text;
  }

  /** The turn is over: its reply is durable, or nobody here works on the run any more. */
  void end(RunId run) {
    texts.remove(run);
  }

  @Nullable LiveText of(RunId run) {
    return texts.get(run);
  }

  /** Nothing more will be said or stored here: whoever waits is woken. */
  void close() {
    closed = true;
    bells.values().forEach(all -> all.forEach(Runnable::run));
  }

  boolean closed() {
    return closed;
  }

  private void ring(RunId run) {
    bells.getOrDefault(run, Set.of()).forEach(Runnable::run);
  }

  /** Rings whenever a model said something in this run, on its thread, until {@link #leave}. */
  void listen(RunId run, Runnable bell) {
    bells.compute(
        run,
        (id, others) -> {
          Set<Runnable> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(bell);
          return all;
        });
  }

  void leave(RunId run, Runnable bell) {
    bells.computeIfPresent(
        run,
        (id, all) -> {
          all.remove(bell);
          return all.isEmpty() ? null : all;
        });
  }
}
