/** The kit, tested: each of its assertions is seen to fail. */
@NullMarked
package dev.assent.testkit;

import org.jspecify.annotations.NullMarked;
