package dev.assent.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Named values, given or computed. Immutable. */
final class Provided {
  static final Provided NOTHING = new Provided(Map.of());

  private final Map<String, Computed> byName;

  private Provided(Map<String, Computed> byName) {
    this.byName = Map.copyOf(byName);
  }

  static Provided of(Map<String, Computed> byName) {
    return new Provided(byName);
  }

  Set<String> names() {
    return byName.keySet();
  }

  /** These, and those of the other where these have none. */
  Provided orElse(Provided other) {
    Map<String, Computed> both = new LinkedHashMap<>(other.byName);
    both.putAll(byName);
    return new Provided(both);
  }

  /** The values as they are in one scope. */
  In in() {
    return new In(this);
  }

  /** Computes each value once. Thread-safe. */
  static final class In {
    private final Provided provided;
    private final Map<String, Object> known = new HashMap<>();
    private final Deque<String> underWay = new ArrayDeque<>();

    private In(Provided provided) {
      this.provided = provided;
    }

    synchronized <T> T value(Scope scope, String name, Class<T> type) {
      Object value = known.get(name);
      if (value == null) {
        value = computed(scope, name);
        known.put(name, value);
      }
      if (!Types.boxed(type).isInstance(value)) {
        throw new InjectionException(
            "the value '"
                + name
                + "' is a "
                + value.getClass().getName()
                + ", what is needed is a "
                + type.getName());
      }
      return Types.boxed(type).cast(value);
    }

    private Object computed(Scope scope, String name) {
      Computed computed = provided.byName.get(name);
      if (computed == null) {
        throw new InjectionException(
            "nobody provides '" + name + "'; give it to the agent or to the process by value(…)");
      }
      if (underWay.contains(name)) {
        throw new InjectionException(
            "the value '" + name + "' needs itself: " + String.join(" <- ", underWay));
      }
      underWay.push(name);
      try {
        Object made = computed.in(scope);
        if (made == null) {
          throw new InjectionException("the value '" + name + "' was computed as null");
        }
        return made;
      } catch (InjectionException | Suspension e) {
        throw e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InjectionException("the value '" + name + "' could not be computed", e);
      } catch (Exception e) {
        throw new InjectionException("the value '" + name + "' could not be computed: " + e, e);
      } finally {
        underWay.pop();
      }
    }
  }
}
