/** Real servers, written with the SDK, behind a real gate. */
@NullMarked
package dev.assent.mcp;

import org.jspecify.annotations.NullMarked;
