/** MCP servers as sources of tools, judged and executed like any other tool. */
@NullMarked
package dev.assent.mcp;

import org.jspecify.annotations.NullMarked;
