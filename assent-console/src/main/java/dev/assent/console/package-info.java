/** Asks the person at the terminal. */
@NullMarked
package dev.assent.console;

import org.jspecify.annotations.NullMarked;
