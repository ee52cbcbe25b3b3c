package dev.assent.server;

import dev.assent.core.AssentException;
import dev.assent.core.Principal;
import dev.assent.core.Threshold;
import dev.assent.core.spi.AccountStore;
import dev.assent.core.spi.Directory;
import dev.assent.policy.RulePolicy;
import java.util.List;
import java.util.stream.Stream;

/** Whether there are people for what the rules ask for. Stateless. */
final class Staffing {
  private Staffing() {}

  /**
   * @throws AssentException when a threshold has nobody at all: what it guards could never run
   */
  static void check(AccountStore accounts, Directory directory, RulePolicy rules) {
    List<String> gaps =
        rules.thresholds().stream()
            .filter(threshold -> entitled(accounts, directory, threshold) == 0)
            .map(threshold -> "nobody here is " + threshold.inWords())
            .toList();
    if (!gaps.isEmpty()) {
      throw new AssentException(
          "nobody-approves",
          "The rules ask for people who do not exist: "
              + String.join("; ", gaps)
              + ". Add them by 'account add NAME --role ROLE', or name others.",
          null);
    }
  }

  /** Thresholds that too few people can meet, in words. */
  static List<String> gaps(AccountStore accounts, Directory directory, RulePolicy rules) {
    return rules.thresholds().stream()
        .flatMap(
            threshold -> {
              boolean enough =
                  threshold.alternatives().stream()
                      .filter(group -> group.after() == null)
                      .anyMatch(group -> entitled(accounts, directory, group) >= group.approvals());
              return enough
                  ? Stream.empty()
                  : Stream.of(
                      threshold.inWords()
                          + " is asked for, but there are "
                          + entitled(accounts, directory, threshold));
            })
        .toList();
  }

  private static long entitled(AccountStore accounts, Directory directory, Threshold threshold) {
    return accounts.accounts(AssentServer.TENANT).stream()
        .flatMap(account -> directory.find(account.id()).stream())
        .filter(principal -> principal.kind() == Principal.Kind.PERSON)
        .filter(threshold::entitles)
        .map(Principal::person)
        .distinct()
        .count();
  }
}
