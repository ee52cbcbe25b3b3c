/** Offers runs and requirements over HTTP. */
@NullMarked
package dev.assent.web;

import org.jspecify.annotations.NullMarked;
