package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Form;
import dev.assent.core.JsonObject;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question of a tool. Immutable.
 *
 * @param form what is asked for
 * @param roles whose holders may answer; empty means anybody who may log in
 * @param within how long to wait; absent means for ever
 */
public record Question(Form form, List<String> roles, @Nullable Duration within) {
  public Question {
    roles = List.copyOf(roles);
  }

  /** Asks for what the form says. */
  public static Question of(Form form) {
    return new Question(form, List.of(), null);
  }

  /** Asks for a free text. */
  public static Question text(String prompt) {
    return of(Form.text(prompt));
  }

  /** The same question, which waits for so long. */
  public Question within(Duration time) {
    return new Question(form, roles, time);
  }

  /** The same question, whose answer is neither echoed nor kept. */
  public Question secret() {
    return new Question(form.asSecret(), roles, within);
  }

  /** The same question, to holders of these roles. */
  public Question to(String... holders) {
    return new Question(form, List.of(holders), within);
  }

  /** The same question with a declared answer for when nobody gives one in time. */
  public Question orElse(JsonObject answer) {
    return new Question(form.orElse(answer), roles, within);
  }

  ApprovalTerms terms(String tool) {
    return new ApprovalTerms(
        "question of " + tool,
        List.of(new Threshold(1, roles, List.of())),
        Risk.LOW,
        "",
        null,
        within,
        null,
        form.fallback() == null ? ApprovalTerms.OnExpiry.REJECT : ApprovalTerms.OnExpiry.FALLBACK);
  }
}
