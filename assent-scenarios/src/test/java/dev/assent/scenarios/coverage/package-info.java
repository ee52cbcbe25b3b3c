/** Which tests stand for which row of what Assent must do; makes {@code docs/coverage.md}. */
@NullMarked
package dev.assent.scenarios.coverage;

import org.jspecify.annotations.NullMarked;
