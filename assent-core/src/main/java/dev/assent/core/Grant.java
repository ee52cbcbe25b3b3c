package dev.assent.core;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A standing permission: a person approved a call and said that others like it need not be asked
 * about. Immutable; made by the server only, from an approval of somebody who may give that very
 * approval.
 *
 * @param id its name
 * @param by the account of whoever gave it
 * @param person the human behind the account
 * @param from the approval it was made from
 * @param confirmed digest of the text that was shown and confirmed, see {@link #confirmation}
 * @param run the run of that approval
 * @param root the run that a person started
 * @param session the conversation of the root
 * @param agent name of the agent whose call was approved
 * @param tool the tool
 * @param fingerprint what the tool was; a changed tool is not served
 * @param terms what the rules asked for, see {@link #termsOf}; when they ask for something else
 *     nothing is served
 * @param exact keyed hash of tool and approved arguments
 * @param scope how far it goes
 * @param text what it allows, in words, as it was confirmed
 * @param createdAt when it was given
 * @param revision counts every change of it, from 1: the compare-and-set value
 * @param used how many calls it serves or served
 * @param spent what counts in the budget's window; empty without a budget
 * @param lastUsedAt when a call last took a use; absent before the first
 * @param revokedBy the account of whoever took it back; absent while nobody did
 * @param revokedAt when it was taken back
 */
public record Grant(
    GrantId id,
    String by,
    String person,
    RequirementId from,
    Digest confirmed,
    RunId run,
    RunId root,
    String session,
    String agent,
    String tool,
    Digest fingerprint,
    Digest terms,
    Digest exact,
    GrantScope scope,
    String text,
    Instant createdAt,
    long revision,
    int used,
    List<Spent> spent,
    @Nullable Instant lastUsedAt,
    @Nullable String revokedBy,
    @Nullable Instant revokedAt) {

  /** The most uses that may count in a budget's window at once. */
  public static final int MOST_SPENT = 1_000;

  /** What is not of how strict terms are, but of how they are shown and when they are told. */
  private static final Set<String> OF_THE_CARD =
      Set.of("message", "summary", "deadline", "onExpiry", "remindAfter");

  /** One use that counts in a budget's window. */
  public record Spent(RunId run, ToolCallId call, Instant at, JsonNumber amount) {}

  /** Where a grant stands. */
  public enum Status {
    LIVE,
    USED_UP,
    EXPIRED,
    REVOKED
  }

  public Grant {
    spent = List.copyOf(spent);
  }

  /** What has to be the same in the terms that are asked for when a grant serves a call. */
  public static Digest termsOf(ApprovalTerms terms) {
    JsonObject strict = JsonObject.empty();
    for (Map.Entry<String, Json> member :
        ((JsonObject) RecordJson.toJson(terms)).members().entrySet()) {
      if (!OF_THE_CARD.contains(member.getKey())) {
        strict = strict.with(member.getKey(), member.getValue());
      }
    }
    return Digest.over("assent-grant-terms-1", CanonicalJson.of(strict));
  }

  /** What a person confirms: this text and this scope, on this version of an approval. */
  public static Digest confirmation(Requirement approval, GrantScope scope, String text) {
    return Digest.over(
        "assent-grant-1",
        approval.id().value().getBytes(StandardCharsets.UTF_8),
        approval.digest().bytes(),
        RecordJson.write(scope),
        text.getBytes(StandardCharsets.UTF_8));
  }

  /** Where it stands now. */
  public Status status(Instant now) {
    if (revokedBy != null) {
      return Status.REVOKED;
    }
    if (!now.isBefore(scope.until())) {
      return Status.EXPIRED;
    }
    return scope.uses() != null && used >= scope.uses() ? Status.USED_UP : Status.LIVE;
  }

  /**
   * Why it does not cover this call; empty when it does. Whether a use is left, {@link #used(
   * GrantedCall, Instant)} says; a call that has one already goes on after the end of the time.
   *
   * @param holds true when the call took a use before
   */
  public Optional<String> whyNot(GrantedCall call, Instant now, boolean holds) {
    if (revokedBy != null) {
      return Optional.of("it was revoked by " + revokedBy);
    }
    if (!holds && !now.isBefore(scope.until())) {
      return Optional.of("it ended at " + scope.until());
    }
    if (!call.tool().equals(tool) || !call.fingerprint().equals(fingerprint)) {
      return Optional.of("the tool is not the one it was given for");
    }
    if (!call.agent().equals(agent) && !scope.alsoFor().contains(call.agent())) {
      return Optional.of("it is not for the agent " + call.agent());
    }
    if (!inReach(call)) {
      return Optional.of("the run is out of its reach");
    }
    if (!call.terms().equals(terms)) {
      return Optional.of("the rules ask for something else than when it was given");
    }
    return covers(call) ? Optional.empty() : Optional.of("the arguments are others");
  }

  private boolean inReach(GrantedCall call) {
    return switch (scope.reach()) {
      case RUN -> call.root().equals(root);
      case SESSION -> call.session().equals(session);
      case AGENT -> true;
    };
  }

  private boolean covers(GrantedCall call) {
    return switch (scope.arguments()) {
      case GrantScope.Arguments.Exact same -> call.exact().equals(exact);
      case GrantScope.Arguments.Anything any -> true;
      case GrantScope.Arguments.Matching matching ->
          matching.rules().keySet().containsAll(call.arguments().members().keySet())
              && matching.rules().entrySet().stream()
                  .allMatch(
                      rule ->
                          rule.getValue()
                              .accepts(call.arguments().find(rule.getKey()).orElse(null)));
    };
  }

  /** With a use taken for this call; empty when none is left, or its sum does not fit any more. */
  public Optional<Grant> used(GrantedCall call, Instant now) {
    return scope.uses() != null && used >= scope.uses()
        ? Optional.empty()
        : spending(call, now).map(all -> next(used + 1, all, now, revokedBy, revokedAt));
  }

  /**
   * With what a call takes that has a use and goes on now: a person may have changed its arguments
   * since. Empty when the sum does not fit any more; the same grant where nothing is summed.
   */
  public Optional<Grant> usedStill(GrantedCall call, Instant now) {
    return scope.budget() == null
        ? Optional.of(this)
        : spending(call, now).map(all -> next(used, all, now, revokedBy, revokedAt));
  }

  /** All that counts in the window, this call with it. */
  private Optional<List<Spent>> spending(GrantedCall call, Instant now) {
    GrantScope.Budget budget = scope.budget();
    if (budget == null) {
      return Optional.of(List.of());
    }
    BigDecimal amount = budget.amount(call.arguments());
    if (amount == null) {
      return Optional.empty();
    }
    List<Spent> all = new ArrayList<>();
    for (Spent each : spent) {
      boolean own = each.run().equals(call.run()) && each.call().equals(call.call());
      if (!own && each.at().isAfter(now.minus(budget.window()))) {
        all.add(each);
      }
    }
    BigDecimal sum =
        all.stream().map(each -> each.amount().decimal()).reduce(amount, BigDecimal::add);
    if (sum.compareTo(budget.most().decimal()) > 0 || all.size() >= MOST_SPENT) {
      return Optional.empty();
    }
    all.add(new Spent(call.run(), call.call(), now, call.arguments().number(budget.argument())));
    return Optional.of(all);
  }

  /** With the use of a call given back, which did not happen. */
  public Grant givenBack(RunId by, ToolCallId call) {
    List<Spent> rest =
        spent.stream()
            .filter(each -> !(each.run().equals(by) && each.call().equals(call)))
            .toList();
    return next(Math.max(0, used - 1), rest, lastUsedAt, revokedBy, revokedAt);
  }

  /** Taken back. */
  public Grant revoked(String who, Instant at) {
    return next(used, spent, lastUsedAt, who, at);
  }

  private Grant next(
      int nextUsed,
      List<Spent> nextSpent,
      @Nullable Instant nextUse,
      @Nullable String who,
      @Nullable Instant at) {
    return new Grant(
        id,
        by,
        person,
        from,
        confirmed,
        run,
        root,
        session,
        agent,
        tool,
        fingerprint,
        terms,
        exact,
        scope,
        text,
        createdAt,
        revision + 1,
        nextUsed,
        nextSpent,
        nextUse,
        who,
        at);
  }

  /** How much of the budget the uses in its window take; absent without a budget. */
  public @Nullable BigDecimal sum(Instant now) {
    GrantScope.Budget budget = scope.budget();
    return budget == null
        ? null
        : spent.stream()
            .filter(each -> each.at().isAfter(now.minus(budget.window())))
            .map(each -> each.amount().decimal())
            .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
