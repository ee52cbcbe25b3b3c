/** Measures the runtime and the store. */
@NullMarked
package dev.assent.benchmarks;

import org.jspecify.annotations.NullMarked;
