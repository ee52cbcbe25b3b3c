package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generated organisations, in which people have several accounts, change calls, lose roles and are
 * locked out, against a naive count. {@code -Dassent.seed=N} replays one case.
 */
class OrganisationsTest {
  private static final int CASES = 5_000;

  @Test
  @Tag("X36")
  @Tag("X38")
  @Tag("X39")
  @Tag("X40")
  @Tag("X70")
  @Tag("C15")
  void nothingIsResolvedWithAPersonWhoMustNotCount() {
    Long replayed = Long.getLong("assent.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    System.out.println("organisations: " + CASES + " cases from seed " + first);
    List<RequirementStatus> ends = new ArrayList<>();

    for (long seed = first; seed < first + (replayed == null ? CASES : 1); seed++) {
      Organisation organisation = new Organisation(seed);
      organisation.live();
      ends.add(organisation.requirement.status());
    }

    if (replayed == null) {
      for (RequirementStatus end :
          List.of(
              RequirementStatus.PENDING, RequirementStatus.APPROVED, RequirementStatus.REJECTED)) {
        assertThat(ends)
            .as("the cases reach every end")
            .filteredOn(end::equals)
            .hasSizeGreaterThan(CASES / 20);
      }
    }
  }
}
