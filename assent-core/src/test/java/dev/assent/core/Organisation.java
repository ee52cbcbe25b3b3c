package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
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
  private final List<Mandate> mandates = new ArrayList<>();
  private final boolean trusting;
  private Instant now = Some.NOW;
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
    this.trusting = random.nextInt(4) > 0;
    Profile profile = random.nextInt(5) == 0 ? Profile.SOLO : Profile.SEPARATED;
    this.authority =
        new Authority(
            profile,
            id -> Optional.ofNullable(locked.contains(id) ? null : accounts.get(id)),
            id -> Optional.ofNullable(personOf.get(id)),
            id -> mandates.stream().filter(mandate -> mandate.holder().equals(id)).toList(),
            Some.NOW);
    Requirement asked = Some.requirement(Some.terms(clauses()), null);
    this.requirement = requestedBy(asked, anyAccount());
    this.naive =
        new NaiveCount(profile, accounts, locked, personOf, requirement.requester(), mandates);
  }

  private void hire(String person, String id, Principal.Kind kind) {
    accounts.put(id, new Principal(id, kind, person, roles()));
    personOf.put(id, person);
  }

  private Set<String> roles() {
    Set<String> roles = new TreeSet<>();
    ROLES.stream().filter(role -> random.nextInt(5) < 2).forEach(roles::add);
    if (random.nextInt(4) == 0) {
      roles.add(Authority.BREAK_GLASS);
    }
    return roles;
  }

  private Threshold[] clauses() {
    Threshold[] clauses = new Threshold[1 + random.nextInt(2)];
    for (int i = 0; i < clauses.length; i++) {
      List<Threshold> groups = new ArrayList<>();
      for (int group = 0; group <= random.nextInt(3); group++) {
        groups.add(group());
      }
      if (random.nextInt(3) == 0) {
        groups.add(group().after(Duration.ofMinutes(5 + random.nextInt(60))));
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
        now = now.plus(Duration.ofMinutes(random.nextInt(40)));
        if (random.nextBoolean()) {
          reorganise();
        } else {
          entrust();
        }
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
    now = now.plus(Duration.ofMinutes(random.nextInt(10)));
    switch (random.nextInt(trusting ? 15 : 12)) {
      case 0 -> reorganise();
      case 12, 13, 14 -> entrust();
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

  /** Somebody is given a mandate, or loses one. */
  private void entrust() {
    if (!mandates.isEmpty() && random.nextInt(3) == 0) {
      int one = random.nextInt(mandates.size());
      Mandate before = mandates.get(one);
      if (before.revokedAt() == null) {
        mandates.set(one, before.revoked(before.giver(), now));
        story.add(now + " ended: " + before.id());
      }
      return;
    }
    String giver = anyAccount();
    String holder = anyAccount();
    boolean glass = random.nextInt(4) == 0;
    if (glass || giver.equals(holder)) {
      holder = giver;
    }
    Mandate.Kind kind =
        holder.equals(giver)
            ? Mandate.Kind.BREAK_GLASS
            : random.nextBoolean() ? Mandate.Kind.DELEGATION : Mandate.Kind.OUT_OF_OFFICE;
    Instant begins = now.plus(Duration.ofMinutes(random.nextInt(3) * 10L));
    List<List<String>> tools = List.of(List.of("pay"), List.of("mail", "p*"), List.of("mail"));
    RequirementId other = new RequirementId("another");
    Mandate given =
        new Mandate(
            new MandateId("m" + mandates.size()),
            kind,
            giver,
            holder,
            any(tools),
            random.nextInt(5) == 0 ? Risk.LOW : Risk.HIGH,
            random.nextInt(6) > 0 ? null : random.nextBoolean() ? requirement.id() : other,
            begins,
            begins.plus(Duration.ofMinutes(5 + random.nextInt(60))),
            "because",
            giver,
            now,
            1,
            null,
            null);
    mandates.add(given);
    story.add("given: " + given);
  }

  private void says(Verdict verdict) {
    Principal by = accounts.get(anyAccount());
    Optional<WhyNot> whyNot = RequirementMachine.whyNot(requirement, recorded, by, authority, now);
    boolean heard = naive.hears(requirement, recorded, by.id(), verdict, now);

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
            now);

    story.add(now + " " + by.id() + " says " + verdict + ": " + outcome.getClass().getSimpleName());
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
        recorded.stream()
            .filter(said -> naive.mayCount(requirement, said.principal(), said.at()))
            .toList();
    assertThat(authority.count(requirement, ofThoseWhoMay))
        .as("nobody else makes a difference")
        .isEqualTo(counted);
  }
}
