package dev.assent.runtime;

import dev.assent.core.Digest;
import dev.assent.core.RequirementId;

/**
 * Another request for the very same, as it was shown beside the one that is decided. Immutable.
 *
 * @param version the version that was shown
 * @param digest the digest that was shown: each is bound by its own
 */
public record Alike(RequirementId id, int version, Digest digest) {}
