package dev.assent.runtime;

import dev.assent.core.ToolSpec;

/**
 * A tool together with its body. Immutable. The two always travel together, so that what was judged
 * and what runs cannot come apart.
 */
public record ToolBinding(ToolSpec spec, ToolBody body) {}
