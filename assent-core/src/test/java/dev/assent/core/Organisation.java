package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** One generated organisation and what happens in it. For one thread. */
final class Organisation {
  private static final List<String> ROLES = List.of("finance", "security", "cfo", "senior");

  private final long seed;
  private final Random random;
  private final Map<String, Principal> accounts = new HashMap<>();
  private final Map<String, String> personOf = new HashMap<>();
  private final Set<String> locked = new TreeSet<>();
  private final List<Decision> recorded = new ArrayList<>();
  private final NaiveCount naive;
  private final Authority authority;
  private final List<String> story = new ArrayList<>();
  Requirement requirement;
  private int keys;

  Organisation(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    int people = 3 + random.nextInt(5);
    for (int person = 0; person < people; person++) {
      for (int account = 0; account <= random.nextInt(3); account++) {
        hire("p" + person, "p" + person + "-" + account, Principal.Kind.PERSON);
      }
    }
    hire("robot", "robot", Principal.Kind.SERVICE);
    Profile profile = random.nextInt(5) == 0 ? Profile.SOLO : Profile.SEPARATED;
    this.authority =
        new Authority(
            profile,
            id -> Optional.ofNullable(locked.contains(id) ? null : accounts.get(id)),
            id -> Optional.ofNullable(personOf.get(id)),
            Some.NOW);
    Requirement asked = Some.requirement(Some.terms(clauses()), null);
    this.requirement = requestedBy(asked, anyAccount());
    this.naive = new NaiveCount(profile, accounts, locked, personOf, requirement.requester());
  }

  private void hire(String person, String id, Principal.Kind kind) {
    accounts.put(id, new Principal(id, kind, person, roles()));
    personOf.put(id, person);
  }

  private Set<String> roles() {
    Set<String> roles = new TreeSet<>();
    ROLES.stream().filter(role -> random.nextInt(5) < 2).forEach(roles::add);
    return roles;
  }

  private Threshold[] clauses() {
    Threshold[] clauses = new Threshold[1 + random.nextInt(2)];
    for (int i = 0; i < clauses.length; i++) {
      List<Threshold> groups = new ArrayList<>();
      for (int group = 0; group <= random.nextInt(3); group++) {
        groups.add(group());
      }
      clauses[i] = Threshold.anyOf(groups);
    }
    return clauses;
  }

  private Threshold group() {
    List<String> roles = random.nextBoolean() ? List.of(any(ROLES)) : List.of();
    List<String> people =
        random.nextInt(3) == 0 ? List.of("p0", "p" + random.nextInt(3)) : List.of();
    String condition = random.nextInt(4) == 0 ? any(ROLES) : null;
    boolean with = random.nextBoolean();
    return new Threshold(
        1 + random.nextInt(3),
        roles,
        people,
        condition != null && with ? List.of(condition) : List.of(),
        condition != null && !with ? List.of(condition) : List.of(),
        1 + random.nextInt(3),
        List.of());
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String anyAccount() {
    return any(accounts.keySet().stream().sorted().toList());
  }

  private static Requirement requestedBy(Requirement asked, String requester) {
    return new Requirement(
        asked.id(),
        asked.kind(),
        asked.run(),
        asked.root(),
        asked.session(),
        asked.agent(),
        asked.call(),
        asked.tool(),
        asked.attempt(),
        asked.revision(),
        asked.version(),
        asked.countsFrom(),
        asked.digest(),
        asked.terms(),
        requester,
        asked.arguments(),
        asked.words(),
        asked.createdAt(),
        asked.deadline(),
        asked.status(),
        asked.closedBy(),
        asked.closedAt());
  }

  void live() {
    try {
      for (int step = 0; step < 24 && requirement.open(); step++) {
        step();
        compare();
      }
      for (int change = 0; change < 3; change++) {
        reorganise();
        compare();
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed "
              + seed
              + ", "
              + requirement.terms().thresholds()
              + "\n"
              + String.join("\n", story),
          e);
    }
  }

  private void step() {
    switch (random.nextInt(12)) {
      case 0 -> reorganise();
      case 1 -> says(Verdict.EDIT);
      case 2, 3, 4 -> says(Verdict.REJECT);
      default -> says(Verdict.APPROVE);
    }
  }

  /** Somebody gets other roles, is locked out or let in again. */
  private void reorganise() {
    String id = anyAccount();
    if (random.nextInt(3) == 0) {
      if (!locked.remove(id)) {
        locked.add(id);
      }
    } else {
      Principal before = accounts.get(id);
      accounts.put(id, new Principal(id, before.kind(), before.person(), roles()));
    }
    story.add(id + " is now " + (locked.contains(id) ? "locked" : accounts.get(id)));
  }

  private void says(Verdict verdict) {
    Principal by = accounts.get(anyAccount());
    Optional<WhyNot> whyNot =
        RequirementMachine.whyNot(requirement, recorded, by, authority, Some.NOW);
    boolean heard = naive.hears(requirement, recorded, by.id(), verdict);

    DecisionOutcome outcome =
        RequirementMachine.decide(
            requirement,
            recorded,
            new DecisionRequest(
                requirement.version(),
                requirement.digest(),
                verdict,
                null,
                null,
                "k" + keys++,
                verdict == Verdict.EDIT ? "{}" : null),
            by,
            new RequirementMachine.Given(
                null,
                null,
                new RequirementMachine.Edit(
                    Some.ref("{\"edit\":" + keys + "}"),
                    Some.digest("edit" + keys),
                    requirement.terms())),
            authority,
            Some.NOW);

    story.add(by.id() + " says " + verdict + ": " + outcome.getClass().getSimpleName());
    assertThat(outcome instanceof DecisionOutcome.Recorded).as("heard").isEqualTo(heard);
    if (outcome instanceof DecisionOutcome.Recorded yes) {
      requirement = yes.requirement();
      recorded.add(yes.decision());
    }
    if (outcome instanceof DecisionOutcome.NotEntitled not) {
      assertThat(whyNot).as("who looks is told what who decides is told").contains(not.reason());
    } else if (verdict == Verdict.EDIT || !(whyNot.orElse(null) instanceof WhyNot.AlreadyVoted)) {
      assertThat(whyNot.filter(why -> !(why instanceof WhyNot.AlreadyVoted))).isEmpty();
    }
  }

  private void compare() {
    Authority.Tally counted = authority.count(requirement, recorded);
    assertThat(counted).isEqualTo(naive.count(requirement, recorded));
    List<Decision> ofThoseWhoMay =
        recorded.stream().filter(said -> naive.mayCount(requirement, said.principal())).toList();
    assertThat(authority.count(requirement, ofThoseWhoMay))
        .as("nobody else makes a difference")
        .isEqualTo(counted);
  }
}
