package dev.assent.core;

import java.util.List;

/**
 * So many of these people must agree. Immutable.
 *
 * @param approvals how many people, at least 1
 * @param roles any of these roles entitles; empty means every person who can log in
 * @param people ids of persons who are entitled by name, beside the roles
 */
public record Threshold(int approvals, List<String> roles, List<String> people) {
  /**
   * @throws IllegalArgumentException when fewer than one approval is asked for
   */
  public Threshold {
    if (approvals < 1) {
      throw new IllegalArgumentException(
          "a threshold needs at least 1 approval, not "
              + approvals
              + "; to let a call pass, allow it");
    }
    roles = roles.stream().distinct().sorted().toList();
    people = people.stream().distinct().sorted().toList();
  }

  /** One approval of anybody who may log in. */
  public static Threshold anyone() {
    return new Threshold(1, List.of(), List.of());
  }

  /** One approval of somebody with this role. */
  public static Threshold role(String role) {
    return new Threshold(1, List.of(role), List.of());
  }

  /** True when a yes of this principal may count here. */
  public boolean entitles(Principal principal) {
    return (roles.isEmpty() && people.isEmpty())
        || people.contains(principal.person())
        || roles.stream().anyMatch(principal.roles()::contains);
  }

  /** In words, for cards: {@code 2 of role finance}. */
  public String inWords() {
    String who =
        roles.isEmpty() && people.isEmpty()
            ? "anyone"
            : String.join(
                " or ",
                java.util.stream.Stream.concat(
                        roles.stream().map(role -> "role " + role), people.stream())
                    .toList());
    return approvals == 1 ? who : approvals + " of " + who;
  }
}
