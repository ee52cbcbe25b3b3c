/** Interprets the machines: calls models and tools, keeps leases, and waits for people. */
@NullMarked
package dev.assent.runtime;

import org.jspecify.annotations.NullMarked;
