/** Plays the examples and looks at what is stored of them. */
@NullMarked
package dev.assent.examples.beta;

import org.jspecify.annotations.NullMarked;
