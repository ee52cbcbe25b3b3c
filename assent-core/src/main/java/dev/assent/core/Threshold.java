package dev.assent.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * So many of these people must agree, or else so many of those. Immutable.
 *
 * @param approvals how many people, at least 1
 * @param roles any of these roles entitles; empty, with no people either, means every person who
 *     can log in
 * @param people ids of persons who are entitled by name, beside the roles
 * @param with the condition: who counts also has all of these roles
 * @param without the condition: who counts has none of these roles
 * @param denials so many people of this group who say no make it fail; absent means 1
 * @param or other groups, any of which may agree instead; each without another {@code or}
 * @param after of a rung of an escalation: so long after it was asked the group may decide, not
 *     before; absent means from the beginning
 */
public record Threshold(
    int approvals,
    List<String> roles,
    List<String> people,
    List<String> with,
    List<String> without,
    @Nullable Integer denials,
    List<Threshold> or,
    @Nullable Duration after) {
  /**
   * @throws IllegalArgumentException when fewer than one approval or denial is asked for, a role is
   *     both wanted and unwanted, or a group may decide after less than nothing
   */
  public Threshold {
    if (approvals < 1) {
      throw new IllegalArgumentException(
          "a threshold needs at least 1 approval, not "
              + approvals
              + "; to let a call pass, allow it");
    }
    if (denials != null && denials < 1) {
      throw new IllegalArgumentException("a threshold fails by at least 1 denial, not " + denials);
    }
    roles = sorted(roles);
    people = sorted(people);
    with = sorted(with);
    without = sorted(without);
    if (with.stream().anyMatch(without::contains)) {
      throw new IllegalArgumentException("nobody is both with and without role " + with);
    }
    if (after != null && (!after.isPositive() || !or.isEmpty())) {
      throw new IllegalArgumentException(
          "a rung of an escalation is one group, and begins some time after it was asked");
    }
    denials = denials != null && denials == 1 ? null : denials;
    or = or.stream().flatMap(each -> each.alternatives().stream()).toList();
  }

  /** From the beginning on. */
  public Threshold(
      int approvals,
      List<String> roles,
      List<String> people,
      List<String> with,
      List<String> without,
      @Nullable Integer denials,
      List<Threshold> or) {
    this(approvals, roles, people, with, without, denials, or, null);
  }

  /** Without a condition; one denial makes it fail. */
  public Threshold(int approvals, List<String> roles, List<String> people) {
    this(approvals, roles, people, List.of(), List.of(), null, List.of());
  }

  /**
   * The same group as a rung of an escalation: it may decide so long after it was asked.
   *
   * @throws IllegalArgumentException when it has other groups beside it
   */
  public Threshold after(Duration wait) {
    return new Threshold(approvals, roles, people, with, without, denials, or, wait);
  }

  /** Either as it is, or one of these: how an escalation is added to a threshold. */
  Threshold orElse(List<Threshold> others) {
    return new Threshold(
        approvals,
        roles,
        people,
        with,
        without,
        denials,
        Stream.concat(or.stream(), others.stream()).distinct().toList(),
        after);
  }

  /** One approval of anybody who may log in. */
  public static Threshold anyone() {
    return new Threshold(1, List.of(), List.of());
  }

  /** One approval of somebody with this role. */
  public static Threshold role(String role) {
    return new Threshold(1, List.of(role), List.of());
  }

  /**
   * Any one of these suffices.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Threshold anyOf(List<Threshold> each) {
    if (each.isEmpty()) {
      throw new IllegalArgumentException("any of nothing is nobody; name a group");
    }
    Threshold first = each.getFirst();
    List<Threshold> others = new ArrayList<>(first.or());
    others.addAll(each.subList(1, each.size()));
    return new Threshold(
        first.approvals,
        first.roles,
        first.people,
        first.with,
        first.without,
        first.denials,
        others,
        first.after);
  }

  /** The groups of which one must agree, each by itself; never empty. */
  public List<Threshold> alternatives() {
    if (or.isEmpty()) {
      return List.of(this);
    }
    Threshold alone =
        new Threshold(approvals, roles, people, with, without, denials, List.of(), after);
    return Stream.concat(Stream.of(alone), or.stream()).toList();
  }

  /** So many people of the group who say no make it fail. */
  public int failsAt() {
    return denials == null ? 1 : denials;
  }

  /** True when a yes of this principal may count here. */
  public boolean entitles(Principal principal) {
    return alternatives().stream().anyMatch(each -> each.holds(principal));
  }

  /** True when the principal belongs to the first group. */
  boolean holds(Principal principal) {
    boolean named =
        (roles.isEmpty() && people.isEmpty())
            || people.contains(principal.person())
            || roles.stream().anyMatch(principal.roles()::contains);
    return named
        && principal.roles().containsAll(with)
        && without.stream().noneMatch(principal.roles()::contains);
  }

  /** True when the principal has a role with which nobody counts in the first group. */
  boolean excludes(Principal principal) {
    return without.stream().anyMatch(principal.roles()::contains);
  }

  /** True when so many of the group have said no that too few are left, or enough to fail it. */
  boolean fails(int denied) {
    boolean counted = roles.isEmpty() && !people.isEmpty();
    return denied >= failsAt() || (counted && people.size() - denied < approvals);
  }

  /** In words, for cards: {@code 2 of role finance}. */
  public String inWords() {
    return or.isEmpty()
        ? groupInWords()
        : alternatives().stream()
            .map(Threshold::groupInWords)
            .collect(Collectors.joining(") or (", "either (", ")"));
  }

  private String groupInWords() {
    String who =
        roles.isEmpty() && people.isEmpty()
            ? "anyone"
            : String.join(
                " or ",
                Stream.concat(roles.stream().map(role -> "role " + role), people.stream())
                    .toList());
    String counted = approvals == 1 ? who : approvals + " of " + who;
    return counted
        + with.stream().map(role -> " with role " + role).collect(Collectors.joining())
        + without.stream().map(role -> " without role " + role).collect(Collectors.joining())
        + (denials == null ? "" : ", " + denials + " denials reject")
        + (after == null ? "" : ", from " + spoken(after) + " after it was asked");
  }

  private static String spoken(Duration wait) {
    String days = wait.toDays() == 0 ? "" : wait.toDays() + "d";
    Duration rest = wait.minusDays(wait.toDays());
    return rest.isZero() ? days : days + rest.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().distinct().sorted().toList();
  }
}
