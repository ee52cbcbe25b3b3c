package dev.assent.core;

import java.util.Set;

/**
 * Who acts: a person or a service. Immutable.
 *
 * @param id opaque id of the account
 * @param kind a person decides, a service never does
 * @param person opaque id of the human behind the account; two accounts of one human share it
 * @param roles the roles held now
 */
public record Principal(String id, Kind kind, String person, Set<String> roles) {
  /** Whether a human or a program is behind it. */
  public enum Kind {
    PERSON,
    SERVICE
  }

  public Principal {
    Names.check("principal id", id);
    Names.check("person id", person);
    roles = Set.copyOf(roles);
  }

  /** A person with one account of the same id. */
  public static Principal person(String id, String... roles) {
    return new Principal(id, Kind.PERSON, id, Set.of(roles));
  }

  /** A program, for example an agent or a token. */
  public static Principal service(String id) {
    return new Principal(id, Kind.SERVICE, id, Set.of());
  }
}
