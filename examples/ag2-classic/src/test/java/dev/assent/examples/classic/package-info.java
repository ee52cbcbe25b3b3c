/** Runs the examples. */
@NullMarked
package dev.assent.examples.classic;

import org.jspecify.annotations.NullMarked;
