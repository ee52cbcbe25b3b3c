package dev.assent.testkit;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.Responder;
import dev.assent.runtime.RuntimeFailure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A person who answers by rules; the first that fits counts. Thread-safe.
 *
 * <p>A card without a rule is an error of the test, not a no: {@link #answer} throws. Silence that
 * is meant is said by {@link #leaves}. As a {@link Responder} it cannot throw into the test; it
 * leaves the card open and {@link #assertNothingUnforeseen} tells.
 */
public final class ScriptedPerson implements Responder {
  private final Principal principal;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<String> unforeseen = new CopyOnWriteArrayList<>();

  /** {@code answer} is absent when the person says nothing. */
  private record Rule(Predicate<RequirementCard> fits, @Nullable Answer answer) {}

  private ScriptedPerson(Principal principal) {
    this.principal = principal;
  }

  /** A person with one account of the same id, and these roles. */
  public static ScriptedPerson person(String id, String... roles) {
    return person(Principal.person(id, roles));
  }

  /** This principal. */
  public static ScriptedPerson person(Principal principal) {
    return new ScriptedPerson(principal);
  }

  /** Who it is. */
  public Principal principal() {
    return principal;
  }

  /** Says yes to every call of this tool. */
  public ScriptedPerson approves(String tool) {
    return answers(RequirementKind.APPROVAL, tool, Answer.approve());
  }

  /** Says yes to calls of this tool whose card is like this. */
  public ScriptedPerson approves(String tool, Predicate<RequirementCard> like) {
    return answers(is(RequirementKind.APPROVAL, tool).and(like), Answer.approve());
  }

  /** Says no to every call of this tool, for this reason. */
  public ScriptedPerson rejects(String tool, String reason) {
    return answers(RequirementKind.APPROVAL, tool, Answer.reject(reason));
  }

  /** Says no to calls of this tool whose card is like this. */
  public ScriptedPerson rejects(String tool, Predicate<RequirementCard> like, String reason) {
    return answers(is(RequirementKind.APPROVAL, tool).and(like), Answer.reject(reason));
  }

  /** Says what became of calls of this tool that are in doubt. */
  public ScriptedPerson reconciles(String tool, Answer answer) {
    return answers(RequirementKind.RECONCILIATION, tool, answer);
  }

  /** Answers requirements of this kind about this tool. */
  public ScriptedPerson answers(RequirementKind kind, String tool, Answer answer) {
    return answers(is(kind, tool), answer);
  }

  /** Answers what is like this. */
  public ScriptedPerson answers(Predicate<RequirementCard> like, Answer answer) {
    rules.add(new Rule(like, answer));
    return this;
  }

  /** Sees requirements about this tool, of any kind, and says nothing. */
  public ScriptedPerson leaves(String tool) {
    return leaves(card -> card.requirement().tool().equals(tool));
  }

  /** Sees what is like this and says nothing. */
  public ScriptedPerson leaves(Predicate<RequirementCard> like) {
    rules.add(new Rule(like, null));
    return this;
  }

  /** Cards of calls with this argument: text, number, boolean, list, map or JSON. */
  public static Predicate<RequirementCard> argument(String name, @Nullable Object value) {
    Json wanted = JsonValues.of(value);
    return where(name, given -> JsonValues.same(given, wanted));
  }

  /** Cards of calls with an argument of this name that is like this. */
  public static Predicate<RequirementCard> where(String name, Predicate<Json> like) {
    return card ->
        Json.parse(card.arguments()) instanceof JsonObject arguments
            && arguments.find(name).filter(like).isPresent();
  }

  private static Predicate<RequirementCard> is(RequirementKind kind, String tool) {
    return card -> card.requirement().kind() == kind && card.requirement().tool().equals(tool);
  }

  /** True when there is a rule for this card. */
  public boolean foresees(RequirementCard card) {
    return rules.stream().anyMatch(rule -> rule.fits().test(card));
  }

  /**
   * What the person says to this card; empty when they leave it.
   *
   * @throws AssertionError when there is no rule for it
   */
  public Optional<DecisionRequest> answer(RequirementCard card) {
    for (Rule rule : rules) {
      if (rule.fits().test(card)) {
        return Optional.ofNullable(rule.answer()).map(answer -> answer.to(card));
      }
    }
    throw new AssertionError(
        principal.id() + " has no rule for " + words(card) + "; add one, or leaves(\"…\")");
  }

  static String words(RequirementCard card) {
    Requirement shown = card.requirement();
    return shown.kind() + " of " + shown.tool() + " " + card.arguments();
  }

  /**
   * Answers by the rules what is open of this run now; how many decisions were sent.
   *
   * @throws AssertionError when there is no rule for one of them, or an answer does not count
   */
  public int answerAll(Assent assent, RunId run) {
    int sent = 0;
    for (Requirement open : assent.store().requirementsOf(assent.tenant(), run)) {
      if (open.open()) {
        Optional<DecisionRequest> answer = answer(assent.card(open));
        if (answer.isPresent()) {
          mustCount(assent.decide(open.id(), answer.get(), principal));
          sent++;
        }
      }
    }
    return sent;
  }

  private void mustCount(DecisionOutcome outcome) {
    if (!(outcome instanceof DecisionOutcome.Recorded
        || outcome instanceof DecisionOutcome.Repeated)) {
      throw new AssertionError("the answer of " + principal.id() + " does not count: " + outcome);
    }
  }

  /**
   * Says this by hand, whatever the rules are.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  public DecisionOutcome says(Assent assent, RequirementId id, Answer answer) {
    RequirementCard card =
        assent.card(id).orElseThrow(() -> new AssertionError("there is no requirement " + id));
    return assent.decide(id, answer.to(card), principal);
  }

  @Override
  public Optional<DecisionRequest> ask(RequirementCard card, BooleanSupplier withdrawn) {
    if (!foresees(card)) {
      unforeseen.add(words(card));
      return Optional.empty();
    }
    return answer(card);
  }

  /**
   * Holds when, as a responder, it was asked nothing without a rule.
   *
   * @throws AssertionError otherwise
   */
  public void assertNothingUnforeseen() {
    if (!unforeseen.isEmpty()) {
      throw new AssertionError(principal.id() + " was asked without a rule: " + unforeseen);
    }
  }
}
