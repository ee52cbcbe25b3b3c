/** Participants that talk to each other in turns, as runs of the one machine. */
@NullMarked
package dev.assent.orchestration;

import org.jspecify.annotations.NullMarked;
