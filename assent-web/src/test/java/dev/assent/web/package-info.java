/** Tests with a real server on a random port. */
@NullMarked
package dev.assent.web;

import org.jspecify.annotations.NullMarked;
