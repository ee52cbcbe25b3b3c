/** Carries the inbox page as resources that a web server serves at its root. */
@NullMarked
package dev.assent.ui;

import org.jspecify.annotations.NullMarked;
