package dev.assent.runtime;

import dev.assent.core.ToolSpec;

/** A tool and its body. Immutable. Both always travel together, so that no other body runs. */
public record Tool(ToolSpec spec, ToolBody body) {}
