/** What the pauses of Agno's documentation look like here, one program each. */
@NullMarked
package dev.assent.examples.agno;

import org.jspecify.annotations.NullMarked;
