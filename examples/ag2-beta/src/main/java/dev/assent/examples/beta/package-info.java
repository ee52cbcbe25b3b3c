/** What AG2 beta's documentation does with hooks, one program each. */
@NullMarked
package dev.assent.examples.beta;

import org.jspecify.annotations.NullMarked;
