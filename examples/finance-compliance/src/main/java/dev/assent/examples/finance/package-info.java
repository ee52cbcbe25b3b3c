/** An agent that reimburses expenses, with people deciding about the money. */
@NullMarked
package dev.assent.examples.finance;

import org.jspecify.annotations.NullMarked;
