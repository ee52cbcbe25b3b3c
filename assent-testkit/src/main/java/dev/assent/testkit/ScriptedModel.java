package dev.assent.testkit;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model that says what it was told to say, and remembers what it was asked. Thread-safe.
 *
 * <p>{@link #inOrder} gives each reply once. {@link #byTurn} looks how often the model has spoken
 * in the conversation: a turn that is asked again, for example after a crash, gets the same reply.
 * When the script is used up and there is no rule for the rest, the run fails and says so.
 */
public final class ScriptedModel implements Model {
  private static final TokenUse USE = new TokenUse(10, 5);

  private final boolean byTurn;
  private final List<Line> lines = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private @Nullable Function<Request, Message.Assistant> rule;
  private int next;
  private int heard;
  private @Nullable String overrun;

  /** What the script says to one request. */
  private static final class Line {
    private final @Nullable Function<Request, Message.Assistant> reply;
    private final List<String> pieces;
    private final @Nullable ModelException failure;
    private boolean spent;

    private Line(
        @Nullable Function<Request, Message.Assistant> reply,
        List<String> pieces,
        @Nullable ModelException failure) {
      this.reply = reply;
      this.pieces = pieces;
      this.failure = failure;
    }

    private Reply speak(Request request, Consumer<String> deltas) {
      if (failure != null) {
        throw failure;
      }
      pieces.forEach(deltas);
      return new Reply(
          reply == null ? new Message.Assistant("", List.of()) : reply.apply(request), USE);
    }
  }

  private ScriptedModel(boolean byTurn) {
    this.byTurn = byTurn;
  }

  /** Gives each reply once, to whoever asks next. */
  public static ScriptedModel inOrder() {
    return new ScriptedModel(false);
  }

  /** Gives the first reply to a conversation in which it has not spoken, then the second. */
  public static ScriptedModel byTurn() {
    return new ScriptedModel(true);
  }

  /** Follows a rule over what it hears. */
  public static ScriptedModel following(Function<Request, Message.Assistant> rule) {
    return inOrder().otherwise(rule);
  }

  /** A call with these arguments as text, which may be no JSON at all; its id is made up. */
  public static Message.Call call(String tool, String arguments) {
    return new Message.Call("", tool, arguments);
  }

  /** A call with these arguments: text, numbers, booleans, lists, maps; its id is made up. */
  public static Message.Call call(String tool, Map<String, ?> arguments) {
    return call(tool, JsonValues.of(arguments).toString());
  }

  /** A call under an id of the model's. */
  public static Message.Call call(String id, String tool, String arguments) {
    return new Message.Call(id, tool, arguments);
  }

  /** Then it says this and calls nothing: the run completes with it. */
  public ScriptedModel says(String text) {
    return replies(text);
  }

  /** Then it calls these tools. */
  public ScriptedModel calls(Message.Call... calls) {
    return replies("I call tools.", calls);
  }

  /** Then it says this and calls these tools. */
  public synchronized ScriptedModel replies(String text, Message.Call... calls) {
    int number = lines.size() + 1;
    List<Message.Call> named = new ArrayList<>();
    for (Message.Call call : calls) {
      named.add(
          call.providerId().isEmpty()
              ? call("p" + number + "-" + (named.size() + 1), call.tool(), call.arguments())
              : call);
    }
    Message.Assistant message = new Message.Assistant(text, named);
    return then(request -> message);
  }

  /** Then it says this, piece by piece. */
  public synchronized ScriptedModel streams(String... pieces) {
    Message.Assistant whole = new Message.Assistant(String.join("", pieces), List.of());
    lines.add(new Line(request -> whole, List.of(pieces), null));
    return this;
  }

  /** Then it replies so. */
  public synchronized ScriptedModel then(Function<Request, Message.Assistant> reply) {
    lines.add(new Line(reply, List.of(), null));
    return this;
  }

  /** Then it gives no reply, once. */
  public synchronized ScriptedModel fails(ModelException failure) {
    lines.add(new Line(null, List.of(), failure));
    return this;
  }

  /** Then it gives no reply, once, and trying again can help. */
  public ScriptedModel failsOnce() {
    return fails(new ModelException("model-unavailable", "scripted failure", true, null, null));
  }

  /** What it replies when the script is used up; a later rule replaces an earlier one. */
  public synchronized ScriptedModel otherwise(Function<Request, Message.Assistant> rule) {
    this.rule = rule;
    return this;
  }

  /** Everything it was asked, oldest first. */
  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /**
   * The messages it was asked with last.
   *
   * @throws AssertionError when it was never asked
   */
  public synchronized List<Message> lastHeard() {
    if (requests.isEmpty()) {
      throw new AssertionError("the scripted model was never asked");
    }
    return requests.getLast().messages();
  }

  /**
   * Holds when every line of the script was spoken and none was missing.
   *
   * @throws AssertionError otherwise
   */
  public synchronized void assertUsedUp() {
    assertNotOverrun();
    if (heard < lines.size()) {
      throw new AssertionError(
          "the script has "
              + lines.size()
              + " lines, only "
              + heard
              + " were spoken; the model was asked "
              + requests.size()
              + " times");
    }
  }

  /**
   * Holds when the script had a line for whatever it was asked.
   *
   * @throws AssertionError otherwise
   */
  public synchronized void assertNotOverrun() {
    if (overrun != null) {
      throw new AssertionError(overrun);
    }
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    return next(request).speak(request, deltas);
  }

  private synchronized Line next(Request request) {
    requests.add(request);
    Line line = byTurn ? ofTurn(request) : ofOrder();
    if (line != null) {
      heard += line.spent ? 0 : 1;
      line.spent = true;
      return line;
    }
    if (rule != null) {
      return new Line(rule, List.of(), null);
    }
    overrun =
        "the script has "
            + lines.size()
            + " lines and no rule for more, but the model was asked once more; it heard last: "
            + (request.messages().isEmpty() ? "nothing" : request.messages().getLast());
    throw new IllegalStateException(overrun);
  }

  private @Nullable Line ofOrder() {
    return next < lines.size() ? lines.get(next++) : null;
  }

  /** The reply of this turn; a failure that stands before it comes first, once. */
  private @Nullable Line ofTurn(Request request) {
    long spoken = request.messages().stream().filter(Message.Assistant.class::isInstance).count();
    int turn = 0;
    for (Line line : lines) {
      boolean mine = turn == spoken;
      if (mine && !(line.failure != null && line.spent)) {
        return line;
      }
      turn += line.failure == null ? 1 : 0;
    }
    return null;
  }
}
