/**
 * For tests of agents and of the people who decide about them: scripted models and persons, a clock
 * that stands, crashes at any commit, assertions, scenarios.
 */
@NullMarked
package dev.assent.testkit;

import org.jspecify.annotations.NullMarked;
