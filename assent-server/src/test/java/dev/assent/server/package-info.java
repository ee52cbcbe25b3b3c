/** Tests with the whole server on a store on disk. */
@NullMarked
package dev.assent.server;

import org.jspecify.annotations.NullMarked;
