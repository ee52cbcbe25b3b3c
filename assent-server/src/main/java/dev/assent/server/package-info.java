/** Starts the server: flags, login and wiring. */
@NullMarked
package dev.assent.server;

import org.jspecify.annotations.NullMarked;
