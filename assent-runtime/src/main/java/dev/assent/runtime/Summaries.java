package dev.assent.runtime;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Redaction;
import dev.assent.core.Requirement;
import dev.assent.core.SafeText;
import java.util.Optional;

/** What a requirement is about, in a line and in its rule's words, as people see it. Stateless. */
final class Summaries {
  private Summaries() {}

  static SafeText shown(RequirementCard card) {
    return switch (card.requirement().kind()) {
      case USER_INPUT, REVIEW -> card.shown(card.summary());
      case EXTERNAL_EXECUTION -> SafeText.join().add("execute: ").add(call(card)).text();
      case APPROVAL, RECONCILIATION -> call(card);
    };
  }

  private static SafeText call(RequirementCard card) {
    Requirement requirement = card.requirement();
    String template = requirement.terms().summary();
    Optional<JsonObject> arguments = template == null ? Optional.empty() : object(card);
    return arguments.isPresent() && template != null
        ? Template.shown(template, arguments.get(), card.redaction())
        : SafeText.join().add(requirement.tool() + " ").add(card.shownArguments()).text();
  }

  private static Optional<JsonObject> object(RequirementCard card) {
    try {
      return Json.parse(card.arguments()) instanceof JsonObject object
          ? Optional.of(object)
          : Optional.empty();
    } catch (MalformedJsonException e) {
      return Optional.empty(); // erased
    }
  }

  static SafeText prompt(RequirementCard card) {
    Requirement requirement = card.requirement();
    String message = requirement.terms().message();
    Redaction redaction = card.redaction();
    return Template.shown(
        message.isEmpty() ? ApprovalRequired.standard().template() : message,
        field ->
            switch (field) {
              case "tool_name" -> Optional.of(SafeText.of(requirement.tool()));
              case "tool_arguments" -> Optional.of(redaction.arguments(card.arguments()));
              default -> Optional.empty();
            });
  }
}
