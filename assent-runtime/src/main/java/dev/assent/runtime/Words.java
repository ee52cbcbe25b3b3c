package dev.assent.runtime;

import dev.assent.core.Requirement;
import dev.assent.core.Risk;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a typed text means. Stateless; these fixed rules and nothing else interpret it.
 *
 * <p>Of an approval {@code y}, {@code yes} and {@code 1}, trimmed and in any case, approve; {@code
 * n} and {@code no} reject, with the text after them as the reason. A call of high risk is approved
 * by its tool's name only. Of a review the same words accept, and ask for changes. A question takes
 * the text as its answer. Anything else is not understood; an empty text never approves.
 */
final class Words {
  private static final Pattern NO =
      Pattern.compile("(?is)^(?:no|n)(?:$|[\\s,.:;!\\u2013\\u2014-]+)(.*)$");
  private static final Set<String> ALWAYS = Set.of("always", "a");

  private Words() {}

  static Optional<Reply.Said> understood(
      String text, Requirement shown, @Nullable ApprovalRequired declared) {
    return switch (shown.kind()) {
      case APPROVAL -> approval(text.strip(), shown, declared);
      case REVIEW -> review(text.strip());
      case USER_INPUT -> Optional.of(Reply.answer(text));
      case EXTERNAL_EXECUTION, RECONCILIATION -> Optional.empty();
    };
  }

  private static Optional<Reply.Said> approval(
      String text, Requirement shown, @Nullable ApprovalRequired declared) {
    boolean high = shown.terms().risk() == Risk.HIGH;
    if (high ? text.equals(shown.tool()) : yes(text)) {
      return Optional.of(high ? Reply.approve().typing(text) : Reply.approve());
    }
    if (!high && declared != null && declared.offersAlways() && ALWAYS.contains(lower(text))) {
      return Optional.of(Reply.approveAlways());
    }
    Optional<String> no = no(text);
    if (no.isPresent()) {
      return no.map(reason -> reason.isEmpty() ? Reply.reject() : Reply.reject(reason));
    }
    return declared != null && declared.isStrict()
        ? Optional.of(text.isEmpty() ? Reply.reject() : Reply.reject(text))
        : Optional.empty();
  }

  private static Optional<Reply.Said> review(String text) {
    return yes(text)
        ? Optional.of(Reply.accept())
        : no(text).filter(feedback -> !feedback.isEmpty()).map(Reply::changes);
  }

  private static boolean yes(String text) {
    return Confirmation.Yes.WORDS.contains(lower(text));
  }

  /** What stands after a no; empty when the text is none. */
  private static Optional<String> no(String text) {
    Matcher matcher = NO.matcher(text);
    return matcher.matches() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
