package dev.assent.runtime;

import dev.assent.core.Effect;
import java.util.ArrayList;
import java.util.List;

/** Puts middleware around what it stands around; the first is outermost. Stateless. */
final class Rings {
  private Rings() {}

  /** One ring of one middleware. */
  interface Ring<A, B> {
    B around(Middleware each, A with, Middleware.Next<A, B> next) throws Exception;
  }

  static <A, B> B through(
      List<Middleware> all, Ring<A, B> ring, A with, Middleware.Next<A, B> innermost)
      throws Exception {
    return all.isEmpty()
        ? innermost.proceed(with)
        : ring.around(
            all.getFirst(),
            with,
            next -> through(all.subList(1, all.size()), ring, next, innermost));
  }

  /** The agent's around the tool's. */
  static List<Middleware> both(List<Middleware> ofAgent, List<Middleware> ofTool) {
    List<Middleware> both = new ArrayList<>(ofAgent);
    both.addAll(ofTool);
    return both;
  }

  /** The body of one attempt as middleware gets it. Belongs to one thread and one execution. */
  static final class Once implements Middleware.Body {
    private final Middleware.Body body;
    private final boolean again;
    private final Thread thread = Thread.currentThread();
    private boolean ran;
    private volatile boolean over;

    Once(Effect effect, Middleware.Body body) {
      this.body = body;
      this.again = effect == Effect.READ_ONLY || effect == Effect.IDEMPOTENT;
    }

    @Override
    public String proceed() throws Exception {
      if (over || Thread.currentThread() != thread || (ran && !again)) {
        throw new IllegalStateException(
            "a tool runs once in an attempt, while it is executed and on its own thread; only one"
                + " that is READ_ONLY or IDEMPOTENT may run again");
      }
      ran = true;
      return body.proceed();
    }

    void end() {
      over = true;
    }
  }
}
