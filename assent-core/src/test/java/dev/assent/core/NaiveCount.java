package dev.assent.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may decide and what it comes to, written down from the rules in the documents and from
 * nothing else: it looks at each person by themselves, as somebody with a list would.
 */
record NaiveCount(
    Profile profile,
    Map<String, Principal> accounts,
    Set<String> locked,
    Map<String, String> personOf,
    String requester,
    List<Mandate> mandates) {

  /** True when this account's word counts for anything, said then. */
  boolean mayCount(Requirement on, String account, Instant then) {
    if (!decides(on, account)) {
      return false;
    }
    if (breaksGlass(on, account, then)) {
      return true;
    }
    for (Threshold clause : on.terms().thresholds()) {
      for (Threshold group : clause.alternatives()) {
        if (!authorities(group, on, account, then).isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  /** A person who is not locked out, and whose own matter it is not. */
  private boolean decides(Requirement on, String account) {
    if (locked.contains(account) || accounts.get(account).kind() == Principal.Kind.SERVICE) {
      return false;
    }
    if (profile == Profile.SOLO) {
      return true;
    }
    String person = personOf.get(account);
    return !person.equals(personOf.get(requester))
        && (on.editedBy() == null || !person.equals(personOf.get(on.editedBy())));
  }

  private boolean breaksGlass(Requirement on, String account, Instant then) {
    boolean breaks = false;
    for (Mandate each : mandates) {
      breaks |=
          each.kind() == Mandate.Kind.BREAK_GLASS
              && each.holder().equals(account)
              && accounts.get(account).roles().contains("break-glass")
              && inForce(each, on, then);
    }
    return breaks;
  }

  private static boolean inForce(Mandate mandate, Requirement on, Instant then) {
    boolean tool = false;
    for (String each : mandate.tools()) {
      tool |= each.equals("pay") || each.equals("p*");
    }
    return mandate.revokedBy() == null
        && tool
        && mandate.highest() != Risk.LOW
        && (mandate.requirement() == null || mandate.requirement().equals(on.id()))
        && then.compareTo(mandate.begins()) >= 0
        && then.compareTo(mandate.ends()) < 0;
  }

  /** The people with whose authority this account speaks in the group. */
  private Set<String> authorities(Threshold group, Requirement on, String account, Instant then) {
    Set<String> people = new TreeSet<>();
    if (group.after() != null && then.isBefore(on.createdAt().plus(group.after()))) {
      return people;
    }
    if (inGroup(group, accounts.get(account))) {
      people.add(personOf.get(account));
    }
    for (Mandate each : mandates) {
      boolean theirs =
          each.kind() != Mandate.Kind.BREAK_GLASS
              && each.holder().equals(account)
              && inForce(each, on, then)
              && decides(on, each.giver())
              && inGroup(group, accounts.get(each.giver()));
      for (String unwanted : group.without()) {
        theirs &= !accounts.get(account).roles().contains(unwanted);
      }
      if (theirs) {
        people.add(personOf.get(each.giver()));
      }
    }
    return people;
  }

  private static boolean inGroup(Threshold group, Principal who) {
    boolean member = group.roles().isEmpty() && group.people().isEmpty();
    for (String role : group.roles()) {
      member |= who.roles().contains(role);
    }
    for (String person : group.people()) {
      member |= who.person().equals(person);
    }
    for (String role : group.with()) {
      member &= who.roles().contains(role);
    }
    for (String role : group.without()) {
      member &= !who.roles().contains(role);
    }
    return member;
  }

  /** True when this word is to be recorded. */
  boolean hears(
      Requirement on, List<Decision> recorded, String account, Verdict verdict, Instant now) {
    if (!on.open() || !mayCount(on, account, now)) {
      return false;
    }
    if (verdict == Verdict.EDIT) {
      return true;
    }
    Verdict last = null;
    for (Decision said : recorded) {
      boolean thisVersion = said.version() >= on.countsFrom() && said.verdict() != Verdict.EDIT;
      if (thisVersion && personOf.get(said.principal()).equals(personOf.get(account))) {
        last = said.verdict();
      }
    }
    if (!Objects.equals(last, verdict)) {
      return true;
    }
    List<Decision> then = new ArrayList<>(recorded);
    then.add(Some.decision(on, on.version(), on.digest(), accounts.get(account), verdict, now));
    return count(on, then) != Authority.Tally.OPEN;
  }

  Authority.Tally count(Requirement on, List<Decision> recorded) {
    for (Threshold clause : on.terms().thresholds()) {
      boolean hope = false;
      for (Threshold group : clause.alternatives()) {
        int no = no(group, on, recorded);
        boolean dead = dead(group, no);
        if (group.after() == null) {
          hope |= !dead;
        } else if (dead && no > 0) {
          return Authority.Tally.REJECTED;
        }
      }
      if (!hope) {
        return Authority.Tally.REJECTED;
      }
    }
    if (broken(Verdict.REJECT, on, recorded)) {
      return Authority.Tally.REJECTED;
    }
    boolean all = someWay(on, recorded, approvers(on, recorded), new ArrayList<>());
    return all || broken(Verdict.APPROVE, on, recorded)
        ? Authority.Tally.APPROVED
        : Authority.Tally.OPEN;
  }

  private static boolean dead(Threshold group, int no) {
    int limit = group.denials() == null ? 1 : group.denials();
    boolean onlyNamed = group.roles().isEmpty() && !group.people().isEmpty();
    return no >= limit || (onlyNamed && group.people().size() - no < group.approvals());
  }

  private int no(Threshold group, Requirement on, List<Decision> recorded) {
    return saying(Verdict.REJECT, group, on, recorded);
  }

  private List<String> approvers(Requirement on, List<Decision> recorded) {
    List<String> people = new ArrayList<>();
    for (String person : new TreeSet<>(personOf.values())) {
      List<Decision> said = of(person, on, recorded);
      if (!said.isEmpty() && said.getLast().verdict() == Verdict.APPROVE) {
        people.add(person);
      }
    }
    return people;
  }

  /** Tries every way to give each of them one authority, or none, and none of them to two. */
  private boolean someWay(
      Requirement on, List<Decision> recorded, List<String> people, List<String> chosen) {
    if (chosen.size() == people.size()) {
      return met(on, recorded, people, chosen);
    }
    for (String authority : new TreeSet<>(personOf.values())) {
      if (!chosen.contains(authority) && ever(on, recorded, people.get(chosen.size()), authority)) {
        chosen.add(authority);
        boolean found = someWay(on, recorded, people, chosen);
        chosen.removeLast();
        if (found) {
          return true;
        }
      }
    }
    chosen.add("nobody's " + chosen.size());
    boolean found = someWay(on, recorded, people, chosen);
    chosen.removeLast();
    return found;
  }

  private boolean ever(Requirement on, List<Decision> recorded, String person, String authority) {
    boolean ever = false;
    for (Threshold clause : on.terms().thresholds()) {
      for (Threshold group : clause.alternatives()) {
        ever |= says(group, on, recorded, person, authority);
      }
    }
    return ever;
  }

  private boolean says(
      Threshold group, Requirement on, List<Decision> recorded, String person, String authority) {
    boolean says = false;
    if (!free(Verdict.APPROVE, on, recorded, person, authority)) {
      return false;
    }
    for (Decision said : of(person, on, recorded)) {
      says |=
          said.verdict() == Verdict.APPROVE
              && authorities(group, on, said.principal(), said.at()).contains(authority);
    }
    return says;
  }

  /** Nobody says a thing with an authority that says another: the owner first, then a no. */
  private boolean free(
      Verdict verdict, Requirement on, List<Decision> recorded, String person, String authority) {
    List<Decision> owners = of(authority, on, recorded);
    if (authority.equals(person)) {
      return true;
    }
    if (!owners.isEmpty()) {
      return owners.getLast().verdict() == verdict;
    }
    if (verdict == Verdict.REJECT) {
      return true;
    }
    for (String other : new TreeSet<>(personOf.values())) {
      List<Decision> said = of(other, on, recorded);
      if (!other.equals(person)
          && !said.isEmpty()
          && said.getLast().verdict() == Verdict.REJECT
          && deniesWith(on, said, authority)) {
        return false;
      }
    }
    return true;
  }

  private boolean deniesWith(Requirement on, List<Decision> said, String authority) {
    boolean with = false;
    for (Decision each : said) {
      for (Threshold clause : on.terms().thresholds()) {
        for (Threshold group : clause.alternatives()) {
          with |=
              each.verdict() == Verdict.REJECT
                  && authorities(group, on, each.principal(), each.at()).contains(authority);
        }
      }
    }
    return with;
  }

  private boolean met(
      Requirement on, List<Decision> recorded, List<String> people, List<String> chosen) {
    for (Threshold clause : on.terms().thresholds()) {
      boolean one = false;
      for (Threshold group : clause.alternatives()) {
        int yes = 0;
        for (int i = 0; i < people.size(); i++) {
          yes += says(group, on, recorded, people.get(i), chosen.get(i)) ? 1 : 0;
        }
        one |= !dead(group, no(group, on, recorded)) && yes >= group.approvals();
      }
      if (!one) {
        return false;
      }
    }
    return true;
  }

  /** True when somebody has said this by break-glass, and nothing else later. */
  private boolean broken(Verdict verdict, Requirement on, List<Decision> recorded) {
    for (String person : new TreeSet<>(personOf.values())) {
      Verdict last = null;
      boolean byGlass = false;
      for (Decision said : of(person, on, recorded)) {
        last = said.verdict();
        byGlass |= said.verdict() == verdict && breaksGlass(on, said.principal(), said.at());
      }
      if (byGlass && last == verdict) {
        return true;
      }
    }
    return false;
  }

  private List<Decision> of(String person, Requirement on, List<Decision> recorded) {
    List<Decision> all = new ArrayList<>();
    for (Decision said : recorded) {
      if (said.version() >= on.countsFrom()
          && said.verdict() != Verdict.EDIT
          && personOf.get(said.principal()).equals(person)
          && mayCount(on, said.principal(), said.at())) {
        all.add(said);
      }
    }
    return all;
  }

  /** As many as can each be given an authority of their own: of no few people too few have one. */
  private int saying(Verdict verdict, Threshold group, Requirement on, List<Decision> recorded) {
    List<Set<String>> each = new ArrayList<>();
    for (String person : new TreeSet<>(personOf.values())) {
      Verdict last = null;
      Set<String> speaksFor = new TreeSet<>();
      for (Decision said : of(person, on, recorded)) {
        last = said.verdict();
        if (said.verdict() == verdict) {
          for (String authority : authorities(group, on, said.principal(), said.at())) {
            if (free(verdict, on, recorded, person, authority)) {
              speaksFor.add(authority);
            }
          }
        }
      }
      if (last == verdict) {
        each.add(speaksFor);
      }
    }
    int tooMany = 0;
    for (int some = 0; some < 1 << each.size(); some++) {
      Set<String> theirs = new TreeSet<>();
      for (int i = 0; i < each.size(); i++) {
        if ((some >> i & 1) == 1) {
          theirs.addAll(each.get(i));
        }
      }
      tooMany = Math.max(tooMany, Integer.bitCount(some) - theirs.size());
    }
    return each.size() - tooMany;
  }
}
