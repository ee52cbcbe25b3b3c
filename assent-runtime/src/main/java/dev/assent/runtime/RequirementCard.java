package dev.assent.runtime;

import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.Form;
import dev.assent.core.Mandate;
import dev.assent.core.Pinned;
import dev.assent.core.Progress;
import dev.assent.core.Redaction;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunStatus;
import dev.assent.core.SafeText;
import dev.assent.core.ToolCall;
import dev.assent.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a person gets to see of a requirement, as it is stored. Immutable. All text in it
 * that a model or a person wrote is hostile, and secrets are in it: show people {@link
 * #shownArguments}, {@link #shownSummary}, {@link #shownPrompt} and, of everything else, {@link
 * #shown}.
 *
 * @param requirement what waits
 * @param arguments the canonical JSON text, whole
 * @param summary one line
 * @param words what the agent said beside its calls, or why there is doubt; empty when nothing
 * @param decisions recorded so far
 * @param approvals how many people's approvals count now
 * @param needed how many are needed at least, as far as one can tell from who has approved
 * @param call as the run holds it; absent when the run went on without it
 * @param runStatus where the run stands
 * @param resultText the call's result; absent while there is none
 * @param effectKey name of the effect; absent when the tool names none or is not here
 * @param requester display name of who started the run
 * @param form what a question asks for; absent for any other kind, and when it was erased
 * @param output what is looked at, for a review; absent for any other kind
 * @param looks the most looks in a row at an output, the last of them without a wish for changes;
 *     absent where they are not counted
 * @param proposed the arguments as the agent wrote them; absent unless a person edited them
 * @param progress what each group has said
 * @param pinned what the call would do, which an approval covers; absent when its tool cannot tell
 * @param redaction what people are not shown of it, by the rules of now
 * @param rounds what people asked the agent back, and what it said, oldest first
 * @param noAskingBack why the agent cannot be asked back; absent when it can
 */
public record RequirementCard(
    Requirement requirement,
    String arguments,
    String summary,
    String words,
    List<CardDecision> decisions,
    int approvals,
    int needed,
    @Nullable ToolCall call,
    RunStatus runStatus,
    @Nullable String resultText,
    @Nullable String effectKey,
    String requester,
    @Nullable Form form,
    @Nullable String output,
    @Nullable Integer looks,
    @Nullable String proposed,
    Progress progress,
    @Nullable Pinned pinned,
    Redaction redaction,
    List<CardRound> rounds,
    @Nullable String noAskingBack) {
  public RequirementCard {
    decisions = List.copyOf(decisions);
    rounds = List.copyOf(rounds);
  }

  /** Until when the approval of a call that has not begun can be taken back, where it waits. */
  public Optional<Instant> notBefore() {
    Duration undo = requirement.terms().undo();
    boolean waits =
        requirement.kind() == RequirementKind.APPROVAL
            && requirement.status() == RequirementStatus.APPROVED
            && call != null
            && (call.status() == CallStatus.GATED || call.status() == CallStatus.APPROVED);
    return undo == null || !waits
        ? Optional.empty()
        : decisions.stream()
            .map(said -> said.decision().at())
            .max(Instant::compareTo)
            .map(last -> last.plus(undo));
  }

  /** What its rule tells the approver, with the call's tool and arguments filled in. */
  public String prompt() {
    String message = requirement.terms().message();
    return message.isEmpty()
        ? ApprovalRequired.defaultPrompt(requirement.tool(), arguments)
        : ApprovalRequired.fill(message, requirement.tool(), arguments);
  }

  /** A card of what is neither a question nor a review, and which nobody edited. */
  public RequirementCard(
      Requirement requirement,
      String arguments,
      String summary,
      String words,
      List<CardDecision> decisions,
      int approvals,
      int needed,
      @Nullable ToolCall call,
      RunStatus runStatus,
      @Nullable String resultText,
      @Nullable String effectKey,
      String requester) {
    this(
        requirement,
        arguments,
        summary,
        words,
        decisions,
        approvals,
        needed,
        call,
        runStatus,
        resultText,
        effectKey,
        requester,
        null,
        null,
        null,
        null,
        new Progress(List.of()),
        null,
        Redaction.SHAPES,
        List.of(),
        "it is shown alone");
  }

  /** The same for somebody who asked to see what is hidden of it. */
  public RequirementCard revealed() {
    return new RequirementCard(
        requirement,
        arguments,
        summary,
        words,
        decisions,
        approvals,
        needed,
        call,
        runStatus,
        resultText,
        effectKey,
        requester,
        form,
        output,
        looks,
        proposed,
        progress,
        pinned,
        Redaction.NONE,
        rounds,
        noAskingBack);
  }

  /** The arguments as people are shown them. */
  public SafeText shownArguments() {
    return redaction.arguments(arguments);
  }

  /** The summary as people are shown it. */
  public SafeText shownSummary() {
    return Summaries.shown(this);
  }

  /** What its rule tells the approver, as people are shown it. */
  public SafeText shownPrompt() {
    return Summaries.prompt(this);
  }

  /** Any other text of it as people are shown it. */
  public SafeText shown(String text) {
    return redaction.ofTexts().text(text);
  }

  /** What was given with a decision, as people are shown it. */
  public SafeText shownValue(CardDecision said) {
    String value = said.value() == null ? "" : said.value();
    return switch (said.decision().verdict()) {
      case EDIT -> redaction.arguments(value);
      case ANSWER ->
          form == null ? shown(value) : redaction.ofSchema(form.schema()).arguments(value);
      default -> shown(value);
    };
  }

  /**
   * Whether something of what is decided is hidden: of arguments, output, or what it would do. What
   * is in an attachment stands on no card.
   */
  public boolean hidesSomething() {
    String preview = pinned == null ? null : pinned.preview();
    boolean attached = pinned != null && !pinned.attachments().isEmpty();
    return redaction.hides(arguments)
        || output != null && shown(output).hasSecrets()
        || preview != null && shown(preview).hasSecrets()
        || attached && !redaction.off();
  }

  /**
   * A decision, what was said with it and what was given. Immutable.
   *
   * @param value absent when nothing was given, and when it is a secret: nobody gets to see that
   * @param mandate by which it was said; absent when it was by their own authority
   */
  public record CardDecision(
      Decision decision,
      @Nullable String words,
      @Nullable String value,
      @Nullable Mandate mandate) {
    /** A decision that gave nothing, by an authority of one's own. */
    public CardDecision(Decision decision, @Nullable String words) {
      this(decision, words, null, null);
    }

    /** True when it was decided by break-glass. */
    public boolean brokeGlass() {
      return mandate != null && mandate.kind() == Mandate.Kind.BREAK_GLASS;
    }
  }

  /**
   * What somebody who decides asked the agent, and what it said to that. Immutable.
   *
   * @param question in the person's words
   * @param by the principal who asked
   * @param version the version that they were shown
   * @param answer absent while the agent has not answered
   */
  public record CardRound(
      String question, String by, Instant at, int version, @Nullable CardAnswer answer) {}

  /**
   * What the agent said. Immutable.
   *
   * @param words untrusted; may be empty
   * @param note what became of it, in our words; absent when there is nothing to say
   * @param version what is decided since then
   * @param before the arguments that it answered about; absent unless it changed them
   * @param after the arguments of the new version; absent unless it changed them
   */
  public record CardAnswer(
      String words,
      @Nullable String note,
      Instant at,
      int version,
      @Nullable String before,
      @Nullable String after) {}

  /**
   * The arguments as this version showed them: what an edit of that version is an edit of.
   *
   * @param version not after the requirement's
   */
  public String argumentsOf(int version) {
    NavigableMap<Integer, String> known = new TreeMap<>();
    known.put(0, proposed == null ? arguments : proposed);
    int firstEdit = Integer.MAX_VALUE;
    for (CardDecision said : decisions) {
      String edited = said.value();
      if (said.decision().verdict() == Verdict.EDIT && edited != null) {
        firstEdit = Math.min(firstEdit, said.decision().version());
        known.put(said.decision().version() + 1, edited);
      }
    }
    for (CardRound round : rounds) {
      CardAnswer answer = round.answer();
      if (answer != null && answer.after() != null && answer.before() != null) {
        if (answer.version() <= firstEdit) {
          firstEdit = 0; // only the first of these was there at the beginning
          known.put(0, answer.before());
        }
        known.put(answer.version(), answer.after());
      }
    }
    return known.floorEntry(version).getValue();
  }
}
