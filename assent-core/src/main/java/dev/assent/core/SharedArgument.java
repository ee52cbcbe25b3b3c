package dev.assent.core;

import org.jspecify.annotations.Nullable;

/**
 * An argument of a tool that comes from a variable of the session instead of the model. Immutable.
 *
 * @param name of the argument
 * @param variable where its value comes from
 * @param otherwise what is used while the variable is not set; absent when there is no default
 */
public record SharedArgument(String name, String variable, @Nullable Json otherwise) {}
