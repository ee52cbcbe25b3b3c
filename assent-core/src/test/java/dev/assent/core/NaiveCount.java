package dev.assent.core;

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
    String requester) {

  /** True when this account's word counts for anything today. */
  boolean mayCount(Requirement on, String account) {
    Principal who = accounts.get(account);
    if (locked.contains(account) || who.kind() == Principal.Kind.SERVICE) {
      return false;
    }
    if (profile == Profile.SEPARATED) {
      if (personOf.get(account).equals(personOf.get(requester))) {
        return false;
      }
      if (on.editedBy() != null && personOf.get(account).equals(personOf.get(on.editedBy()))) {
        return false;
      }
    }
    for (Threshold clause : on.terms().thresholds()) {
      for (Threshold group : clause.alternatives()) {
        if (inGroup(group, who)) {
          return true;
        }
      }
    }
    return false;
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
  boolean hears(Requirement on, List<Decision> recorded, String account, Verdict verdict) {
    if (!on.open() || !mayCount(on, account)) {
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
    then.add(Some.decision(on, accounts.get(account), verdict));
    return count(on, then) != Authority.Tally.OPEN;
  }

  Authority.Tally count(Requirement on, List<Decision> recorded) {
    boolean all = true;
    for (Threshold clause : on.terms().thresholds()) {
      boolean one = false;
      boolean hope = false;
      for (Threshold group : clause.alternatives()) {
        int no = saying(Verdict.REJECT, group, on, recorded);
        int limit = group.denials() == null ? 1 : group.denials();
        boolean onlyNamed = group.roles().isEmpty() && !group.people().isEmpty();
        boolean dead = no >= limit || (onlyNamed && group.people().size() - no < group.approvals());
        hope |= !dead;
        one |= !dead && saying(Verdict.APPROVE, group, on, recorded) >= group.approvals();
      }
      if (!hope) {
        return Authority.Tally.REJECTED;
      }
      all &= one;
    }
    return all ? Authority.Tally.APPROVED : Authority.Tally.OPEN;
  }

  private int saying(Verdict verdict, Threshold group, Requirement on, List<Decision> recorded) {
    int people = 0;
    for (String person : new TreeSet<>(personOf.values())) {
      Verdict last = null;
      boolean saidAsMember = false;
      for (Decision said : recorded) {
        boolean counts =
            said.version() >= on.countsFrom()
                && said.verdict() != Verdict.EDIT
                && personOf.get(said.principal()).equals(person)
                && mayCount(on, said.principal());
        if (counts) {
          last = said.verdict();
          saidAsMember |=
              said.verdict() == verdict && inGroup(group, accounts.get(said.principal()));
        }
      }
      people += last == verdict && saidAsMember ? 1 : 0;
    }
    return people;
  }
}
