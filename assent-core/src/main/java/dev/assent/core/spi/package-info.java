/** What others plug in: stores, models, policies, directories. */
@NullMarked
package dev.assent.core.spi;

import org.jspecify.annotations.NullMarked;
