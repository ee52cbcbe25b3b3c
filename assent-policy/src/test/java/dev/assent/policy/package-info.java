/** Tests of the rules. */
@NullMarked
package dev.assent.policy;

import org.jspecify.annotations.NullMarked;
