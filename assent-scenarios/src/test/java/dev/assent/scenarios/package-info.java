/** Describes what the whole does, and holds the rules every module keeps. */
@NullMarked
package dev.assent.scenarios;

import org.jspecify.annotations.NullMarked;
