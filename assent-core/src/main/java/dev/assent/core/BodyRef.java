package dev.assent.core;

/**
 * Points to a body without telling what it says. Immutable.
 *
 * @param id where the body is stored
 * @param commitment salted hash of its content; worthless once the salt is erased with the body
 */
public record BodyRef(BodyId id, Digest commitment) {}
