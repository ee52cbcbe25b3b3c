package dev.assent.runtime;

import dev.assent.core.ToolSpec;

/**
 * A tool together with its body. Immutable. The two always travel together, so that what was judged
 * and what runs cannot come apart.
 */
public record ToolBinding(ToolSpec spec, ToolBody body) {
  /**
   * @throws IllegalArgumentException when the schema of its arguments cannot be used
   */
  public ToolBinding {
    Schemas.check(spec);
  }
}
