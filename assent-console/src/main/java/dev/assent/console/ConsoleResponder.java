package dev.assent.console;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.SafeText;
import dev.assent.runtime.Asked;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.Responder;
import dev.assent.runtime.Reveal;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the person at the terminal. Thread-safe; one question is on the terminal at a time, and
 * blocks its thread until it is answered, withdrawn, or left.
 *
 * <p>Standard input and output must both be the same terminal. Otherwise nothing can be decided
 * here: every question stays unanswered, which is said once on standard error.
 *
 * <p>Enter, an unknown key, the end of the input, ctrl-C and ctrl-D never decide anything. Keys
 * that were typed ahead, keys within 400 ms of the card or of each other, and a held key do not
 * count. A call can be approved only when all of its card has been shown; one of high risk by
 * typing the tool's name.
 */
public final class ConsoleResponder implements Responder {

  /** The exit code of a program that needs a terminal and has none. */
  public static final int NO_TERMINAL = 3;

  private static final long LOCK_POLL_MILLIS = 200;

  private final Tty tty;
  private final InstantSource clock;
  private final Seat seat;
  private final IntSupplier waiting;
  private final AtomicBoolean complained = new AtomicBoolean();
  private final Place place = new Place();
  private final EditDraft draft = new EditDraft();

  ConsoleResponder(Tty tty, InstantSource clock, Seat seat, IntSupplier waiting) {
    this.tty = tty;
    this.clock = clock;
    this.seat = seat;
    this.waiting = waiting;
  }

  /** A responder on this process's terminal that knows neither the operator nor what else waits. */
  public static ConsoleResponder onTerminal() {
    return builder().build();
  }

  /** Begins a responder on this process's terminal. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Checks that there is a terminal to decide on, and says on standard error what is missing.
   *
   * @return 0 when there is, else {@link #NO_TERMINAL}, for a main program to exit with
   */
  public static int requireTerminal() {
    String whyNot = SystemTty.shared().whyNot();
    if (whyNot.isEmpty()) {
      return 0;
    }
    complain(whyNot);
    return NO_TERMINAL;
  }

  /** People are shown what is hidden after {@code d}, and that is written down first. */
  @Override
  public boolean hides() {
    return true;
  }

  @Override
  public CompletionStage<Reply> begin(Asked asked) {
    return CompletableFuture.completedFuture(
        ask(asked.card(), asked::withdrawn, asked).map(Reply::of).orElseGet(Reply::unanswered));
  }

  @Override
  public Optional<DecisionRequest> ask(RequirementCard card, BooleanSupplier withdrawn) {
    return ask(card, withdrawn, null);
  }

  private Optional<DecisionRequest> ask(
      RequirementCard card, BooleanSupplier withdrawn, @Nullable Asked asked) {
    if (!card.requirement().open() || withdrawn.getAsBoolean()) {
      return Optional.empty();
    }
    String whyNot = tty.whyNot();
    if (!whyNot.isEmpty()) {
      if (!complained.getAndSet(true)) {
        complain(whyNot);
      }
      return Optional.empty();
    }
    if (!turnCame(withdrawn)) {
      return Optional.empty();
    }
    try (Tty.Raw raw = tty.raw()) {
      return withdrawn.getAsBoolean() ? Optional.empty() : onScreen(card, withdrawn, asked);
    } finally {
      tty.turn().unlock();
    }
  }

  /** Says why an answer did not count; where it did not fit, it is asked for again. */
  @Override
  public void heard(Asked asked, DecisionOutcome outcome) {
    String why =
        switch (outcome) {
          case DecisionOutcome.Recorded o -> "";
          case DecisionOutcome.Repeated o -> "";
          case DecisionOutcome.Invalid o -> o.why();
          case DecisionOutcome.NotEntitled o -> o.why();
          case DecisionOutcome.AlreadyClosed o ->
              asked.closedInWords().orElse("it was closed before");
          case DecisionOutcome.StaleVersion o -> "it has changed meanwhile";
          case DecisionOutcome.DigestMismatch o -> "what was shown is not what is stored";
          case DecisionOutcome.TooLate o -> "its time is over";
          case DecisionOutcome.KeyReused o -> "its key was used before";
        };
    if (!why.isEmpty() && tty.whyNot().isEmpty()) {
      Typesetter set = new Typesetter(tty.columns(), tty.ascii());
      say(set, "Your answer did not count: " + SafeText.of(why));
    }
  }

  private static void complain(String whyNot) {
    System.err.println(
        "assent: "
            + whyNot
            + ", so nothing can be decided here. Requests stay open: run the program in a terminal,"
            + " without redirecting its input or output, or decide elsewhere.");
  }

  private boolean turnCame(BooleanSupplier withdrawn) {
    try {
      while (!tty.turn().tryLock(LOCK_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (withdrawn.getAsBoolean()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<DecisionRequest> onScreen(
      RequirementCard card, BooleanSupplier withdrawn, @Nullable Asked behind) {
    Requirement asked = card.requirement();
    if (behind != null) {
      behind.seen();
    }
    Typesetter set = new Typesetter(tty.columns(), tty.ascii());
    String position = place.next(waiting.getAsInt());
    Question question =
        new Question(
            tty,
            new Keys(tty, clock, withdrawn),
            card,
            draft,
            behind == null ? null : behind::offer,
            behind == null
                ? () -> new Reveal.Refused("it is asked outside of Assent")
                : behind::reveal,
            seat.rules() == Profile.SOLO);
    tty.write("\n");
    try {
      DecisionRequest answer =
          question.ask(
              CardText.of(
                  card,
                  seat,
                  behind == null ? null : behind.byMandate().orElse(null),
                  position,
                  clock.instant(),
                  set));
      question.takeBack();
      say(set, "Your answer: " + said(answer));
      place.answered();
      return Optional.of(answer);
    } catch (Keys.WithdrawnException e) {
      question.takeBack();
      say(
          set,
          "Answered elsewhere or closed: "
              + asked.digest().shortForm()
              + ". "
              + closed(behind)
              + "Nothing was sent.");
      place.answered();
    } catch (Keys.LeftException e) {
      question.takeBack();
      say(set, "Left unanswered: " + asked.digest().shortForm() + " still waits.");
      place.passedOver();
    }
    return Optional.empty();
  }

  private static String closed(@Nullable Asked behind) {
    return behind == null
        ? ""
        : behind.closedInWords().map(how -> SafeText.of(how) + " ").orElse("");
  }

  private void say(Typesetter set, String text) {
    StringBuilder out = new StringBuilder();
    set.ours(1, Style.STRONG, text)
        .forEach(line -> out.append(line.paint(tty.colour())).append('\n'));
    tty.write(out.toString());
  }

  private static String said(DecisionRequest answer) {
    return switch (answer.verdict()) {
      case APPROVE -> answer.always() == null ? "yes, once." : "yes, and calls like it.";
      case REJECT -> answer.words() == null ? "no." : "no, with a reason.";
      case EDIT -> "yes, with other arguments.";
      case RESPOND -> "not run, told the model instead.";
      case REVOKE -> "revoked the approval.";
      case ASK_BACK -> "the agent is asked back; the request stays open.";
      case ANSWER -> "answered.";
      case DECLINE -> "declined to answer.";
      case TAKE -> "taken.";
      case RESULT -> "executed, with its result.";
      case FAILURE -> "it failed.";
      case ACCEPT -> "it counts.";
      case REPLACE -> "it counts in other words.";
      case CHANGES -> "to be changed.";
      case HAPPENED -> "it happened.";
      case DID_NOT_HAPPEN -> "it did not happen.";
      case GIVE_UP -> "nobody will find out.";
    };
  }

  /** Collects what a responder may be told. Not thread-safe. */
  public static final class Builder {
    private @Nullable Principal operator;
    private Profile profile = Profile.SOLO;
    private IntSupplier waiting = () -> 1;

    private Builder() {}

    /** As whom this process decides: the principal the responder is registered for. */
    public Builder operator(Principal person) {
      this.operator = person;
      return this;
    }

    /** Which authority rules hold; {@link Profile#SOLO} unless said. */
    public Builder profile(Profile rules) {
      this.profile = rules;
      return this;
    }

    /** How many requests wait for this person now, the one that is asked included. */
    public Builder waiting(IntSupplier count) {
      this.waiting = count;
      return this;
    }

    /** The responder; nothing is read or written before it is asked. */
    public ConsoleResponder build() {
      return new ConsoleResponder(
          SystemTty.shared(), Clock.systemUTC(), new Seat(operator, profile), waiting);
    }
  }
}
