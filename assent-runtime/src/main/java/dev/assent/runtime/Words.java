package dev.assent.runtime;

import dev.assent.core.Reasons;
import dev.assent.core.Requirement;
import dev.assent.core.Risk;
import dev.assent.core.Verdict;
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
 * by its tool's name only. Where a yes needs a reason, it stands after it, too; where the terms
 * name reasons by codes, a code is the first word of it. Of a review the same words accept, and ask
 * for changes. A question takes the text as its answer. Anything else is not understood; an empty
 * text never approves.
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
    Reasons reasons = shown.terms().reasons();
    Optional<String> yes = yes(text, high ? shown.tool() : null, reasons);
    if (yes.isPresent()) {
      Reply.Said said = with(Reply.approve(), yes.get(), reasons);
      return Optional.of(high ? said.typing(shown.tool()) : said);
    }
    if (!high && declared != null && declared.offersAlways() && ALWAYS.contains(lower(text))) {
      return Optional.of(Reply.approveAlways());
    }
    Optional<String> no = no(text);
    if (no.isPresent()) {
      return no.map(reason -> with(Reply.reject(), reason, reasons));
    }
    return declared != null && declared.isStrict()
        ? Optional.of(with(Reply.reject(), text, reasons))
        : Optional.empty();
  }

  /** What stands after a yes, which only where a reason is asked may be something. */
  private static Optional<String> yes(
      String text, @Nullable String tool, @Nullable Reasons reasons) {
    if (tool == null ? yes(text) : text.equals(tool)) {
      return Optional.of("");
    }
    if (reasons == null || reasons.approve() == null) {
      return Optional.empty();
    }
    String[] parts = text.split("\\s+", 2);
    boolean said = tool == null ? yes(parts[0]) : parts[0].equals(tool);
    return said && parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
  }

  private static Reply.Said with(Reply.Said plain, String reason, @Nullable Reasons reasons) {
    String[] parts = reason.split("[\\s,:;]+", 2);
    boolean coded =
        reasons != null
            && reasons
                .of(plain.verdict())
                .filter(wanted -> wanted.codes().contains(parts[0]))
                .isPresent();
    String text = !coded ? reason : parts.length == 2 ? parts[1] : "";
    Reply.Said said =
        text.isEmpty()
            ? plain
            : plain.verdict() == Verdict.APPROVE ? Reply.approve(text) : Reply.reject(text);
    return coded ? said.because(parts[0]) : said;
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
