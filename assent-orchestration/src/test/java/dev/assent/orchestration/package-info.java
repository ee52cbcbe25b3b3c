/** Tests of the classic conversation. */
@NullMarked
package dev.assent.orchestration;

import org.jspecify.annotations.NullMarked;
