/** Rules over tool calls: a YAML file with CEL conditions, compiled into one core policy. */
@NullMarked
package dev.assent.policy;

import org.jspecify.annotations.NullMarked;
