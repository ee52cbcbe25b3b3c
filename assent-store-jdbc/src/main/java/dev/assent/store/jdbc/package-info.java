/** Keeps runs, requirements and sessions in a relational database. */
@NullMarked
package dev.assent.store.jdbc;

import org.jspecify.annotations.NullMarked;
