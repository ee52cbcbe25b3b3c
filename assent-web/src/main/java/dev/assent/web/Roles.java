package dev.assent.web;

import dev.assent.core.Principal;
import dev.assent.core.Profile;
import java.util.Set;

/** Who may look where not everybody who is logged in may. Stateless. */
final class Roles {
  static final String ADMIN = "admin";
  static final String AUDITOR = "auditor";

  private Roles() {}

  /**
   * Returns when this is a person with the role.
   *
   * @throws ProblemException otherwise, naming it
   */
  static void admin(LoggedIn login) {
    need(login, Set.of(ADMIN), "It needs the role admin.");
  }

  /**
   * Reports and the audit log tell what everybody does: where there is more than one person they
   * are for some.
   *
   * @throws ProblemException when this is none of them, naming the roles
   */
  static void auditor(LoggedIn login, Profile profile, WebSettings settings) {
    if (profile == Profile.SEPARATED && !settings.reportsForAll()) {
      need(login, Set.of(ADMIN, AUDITOR), "It needs the role auditor or admin.");
    }
  }

  private static void need(LoggedIn login, Set<String> roles, String otherwise) {
    Principal principal = login.principal();
    if (principal.kind() == Principal.Kind.SERVICE
        || principal.roles().stream().noneMatch(roles::contains)) {
      throw Problem.of(403, "forbidden", "You may not do that", otherwise).exception();
    }
  }
}
