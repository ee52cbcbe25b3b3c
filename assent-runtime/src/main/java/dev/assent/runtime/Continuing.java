package dev.assent.runtime;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.spi.Store;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Takes several answers to one run at once. Stateless but for what it works with. */
record Continuing(Engine engine, Decisions decisions, Function<RequirementId, Asked> asked) {

  /** Records them all; the answer is the run that goes on. */
  RunId answer(Principal by, Map<RequirementId, Reply> answers) {
    Map<RequirementId, DecisionRequest> checked = new LinkedHashMap<>();
    Set<RunId> roots = new HashSet<>();
    for (Map.Entry<RequirementId, Reply> each : answers.entrySet()) {
      Asked question = asked.apply(each.getKey());
      checked.put(each.getKey(), checked(question, each.getValue()));
      roots.add(question.requirement().root());
    }
    if (roots.size() != 1) {
      throw new RuntimeFailure(
          "wrong-answer",
          roots.isEmpty()
              ? "there is no answer to go on with"
              : "these answers belong to " + roots.size() + " runs; give those of one run");
    }
    RunId root = roots.iterator().next();
    checked.forEach((id, request) -> counts(id, decisions.decide(id, request, by)));
    return root;
  }

  private DecisionRequest checked(Asked question, Reply reply) {
    Requirement requirement = question.requirement();
    if (!requirement.open() && ended(requirement)) {
      throw new RuntimeFailure(
          "run-finished",
          "run " + requirement.run() + " has ended; start a new one in its session");
    }
    DecisionRequest request =
        question
            .decision(reply)
            .orElseThrow(
                () -> wrong(requirement, "is not understood as an answer to what is asked"));
    if (request.verdict().answers() != requirement.kind()) {
      throw wrong(
          requirement,
          "is " + request.verdict() + ", which does not answer a " + requirement.kind());
    }
    decisions
        .misfit(requirement, request)
        .ifPresent(
            why -> {
              throw wrong(requirement, "does not fit: " + why);
            });
    return request;
  }

  private boolean ended(Requirement requirement) {
    return engine
        .store()
        .run(engine.tenant(), requirement.run())
        .map(Store.StoredRun::state)
        .filter(state -> state.end() != null)
        .isPresent();
  }

  private static void counts(RequirementId id, DecisionOutcome outcome) {
    if (!(outcome instanceof DecisionOutcome.Recorded
        || outcome instanceof DecisionOutcome.Repeated)) {
      throw new RuntimeFailure(
          "answer-refused", "the answer to " + id + " does not count: " + outcome);
    }
  }

  private static RuntimeFailure wrong(Requirement requirement, String why) {
    return new RuntimeFailure(
        "wrong-answer", "the answer to " + requirement.id() + " " + why + "; nothing was recorded");
  }
}
