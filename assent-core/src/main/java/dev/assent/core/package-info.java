/**
 * What is asked, who decides, and what may run: values and pure functions, without threads, clocks
 * or I/O.
 */
@NullMarked
package dev.assent.core;

import org.jspecify.annotations.NullMarked;
