/** The classic conversation: modes of asking a person, and the financial compliance example. */
@NullMarked
package dev.assent.examples.classic;

import org.jspecify.annotations.NullMarked;
