package dev.assent.orchestration;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The conversation so far, folded from the messages of its session and nothing else: whose turn it
 * is, which calls are open, what a person typed. Not thread-safe.
 *
 * <p>It knows no modes and no limits, so that what was said stays the same when those change.
 */
final class Dialogue {
  /** Somebody who is none of the two: a person who spoke to the run meanwhile. */
  static final String SOMEBODY = "";

  /** What somebody said. The results of its calls come later, or never. */
  static final class Entry {
    private final String from;
    private final String to;
    private final String text;
    private final List<Message.Call> calls;
    private final List<ConversationEvent.Result> results = new ArrayList<>();

    private Entry(String from, String to, String text, List<Message.Call> calls) {
      this.from = from;
      this.to = to;
      this.text = text;
      this.calls = List.copyOf(calls);
    }

    String from() {
      return from;
    }

    String to() {
      return to;
    }

    String text() {
      return text;
    }

    List<Message.Call> calls() {
      return calls;
    }

    /** In the order of the calls; fewer while some are missing, none when they were interrupted. */
    List<ConversationEvent.Result> results() {
      return results;
    }
  }

  private final String first;
  private final String second;
  private final Consumer<ConversationEvent> told;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Integer> automatic = new HashMap<>();

  /** Calls that run now: the run's name of each, and the result once it is there. */
  private final Map<String, Optional<ConversationEvent.Result>> running = new LinkedHashMap<>();

  private @Nullable String turn;
  private String message = "";
  private @Nullable Entry open;
  private @Nullable String inputCall;
  private BuiltIn.@Nullable Input asked;
  private @Nullable String line;
  private @Nullable String refused;
  private boolean ending;

  Dialogue(String first, String second, Consumer<ConversationEvent> told) {
    this.first = first;
    this.second = second;
    this.told = told;
  }

  /** Folds these messages. */
  static Dialogue of(String first, String second, List<Message> messages) {
    Dialogue dialogue = new Dialogue(first, second, event -> {});
    for (Message each : messages) {
      switch (each) {
        case Message.User user -> dialogue.spoke(user.text());
        case Message.Assistant reply -> dialogue.replied(reply.text(), reply.calls());
        case Message.ToolResult result ->
            dialogue.result(result.providerId(), result.text(), result.error());
      }
    }
    return dialogue;
  }

  // ---- what happens ----

  /** The first word of a run, or what somebody says to it meanwhile. */
  void spoke(String text) {
    if (turn == null || ending || refused != null) {
      automatic.clear();
      said(new Entry(first, second, text, List.of()));
    } else {
      entries.add(new Entry(SOMEBODY, turn, text, List.of()));
      told.accept(new ConversationEvent.Said(SOMEBODY, turn, text, List.of()));
    }
  }

  /** The conversation's own model replied. */
  void replied(String text, List<Message.Call> calls) {
    if (calls.isEmpty()) {
      turn = null;
      return;
    }
    running.clear();
    for (Message.Call call : calls) {
      switch (call.tool()) {
        case BuiltIn.TURN -> turned(text, BuiltIn.Turn.of(given(call)));
        case BuiltIn.INPUT -> {
          inputCall = call.providerId();
          asked = BuiltIn.Input.of(given(call));
        }
        case BuiltIn.END -> {
          BuiltIn.End end = BuiltIn.End.of(given(call));
          ending = true;
          told.accept(new ConversationEvent.Terminated(end.participant(), end.reason()));
        }
        default -> running.put(call.providerId(), Optional.empty());
      }
    }
  }

  private void turned(String text, BuiltIn.Turn by) {
    automatic.merge(by.from(), 1, Integer::sum);
    if (!by.quiet()) {
      told.accept(new ConversationEvent.AutomaticReply(by.from()));
    }
    if (!by.executes()) {
      said(new Entry(by.from(), by.to(), text, by.calls()));
    }
  }

  private void said(Entry entry) {
    entries.add(entry);
    told.accept(new ConversationEvent.Said(entry.from(), entry.to(), entry.text(), entry.calls()));
    open = entry.calls().isEmpty() ? null : entry;
    next(entry.to(), entry.text());
  }

  private void next(String who, String what) {
    turn = who;
    message = what;
    asked = null;
    line = null;
    refused = null;
    ending = false;
  }

  /** A call of the conversation's own model has its result. */
  void result(String id, String text, boolean error) {
    if (asked != null && id.equals(inputCall)) {
      inputCall = null;
      if (error) {
        refused = text;
        told.accept(new ConversationEvent.InputRefused(asked.participant(), text));
      } else {
        typed(asked, text);
      }
    } else if (running.containsKey(id) && open != null) {
      ran(open, id, text, error);
    }
  }

  private void typed(BuiltIn.Input asking, String text) {
    told.accept(new ConversationEvent.InputGiven(asking.participant(), text));
    if (text.isBlank() || ReplyTable.exit(text)) {
      line = text;
      return;
    }
    Entry waiting = open;
    automatic.put(asking.participant(), 0);
    said(new Entry(asking.participant(), asking.to(), text, List.of()));
    // Whether the words let the other's calls run or interrupt them, the next reply says.
    open = waiting != null && waiting.to().equals(asking.participant()) ? waiting : null;
  }

  private void ran(Entry caller, String id, String text, boolean error) {
    int place = List.copyOf(running.keySet()).indexOf(id);
    Message.Call call = caller.calls().get(Math.min(place, caller.calls().size() - 1));
    running.put(
        id, Optional.of(new ConversationEvent.Result(call.providerId(), call.tool(), text, error)));
    if (running.values().stream().anyMatch(Optional::isEmpty)) {
      return;
    }
    running.values().forEach(each -> caller.results().add(each.orElseThrow()));
    open = null;
    told.accept(new ConversationEvent.CallsAnswered(caller.to(), caller.from(), caller.results()));
    if (!caller.from().equals(turn)) {
      next(caller.from(), "");
    }
  }

  private static JsonObject given(Message.Call call) {
    if (Json.parse(call.arguments()) instanceof JsonObject object) {
      return object;
    }
    throw new MalformedJsonException("a call of " + call.tool() + " has no arguments");
  }

  // ---- where it stands ----

  /** Who is to reply; absent before anything was said, and after the end. */
  @Nullable String turn() {
    return turn;
  }

  /** What the one whose turn it is has to answer; empty when it is the results of calls. */
  String message() {
    return message;
  }

  /** What was said by anybody, oldest first. */
  List<Entry> entries() {
    return entries;
  }

  /** What was last said by one of the two. */
  Optional<Entry> last() {
    return entries.reversed().stream().filter(entry -> !entry.from().equals(SOMEBODY)).findFirst();
  }

  /** The message whose calls have neither run nor been passed over. */
  @Nullable Entry open() {
    return open;
  }

  /** What is asked, or was answered with {@link #line}. */
  Optional<BuiltIn.Input> asked() {
    return Optional.ofNullable(asked);
  }

  /** What a person typed that is no text: nothing, or the word that ends. */
  @Nullable String line() {
    return line;
  }

  /** Why nobody will type a line. */
  @Nullable String refused() {
    return refused;
  }

  /** True when its end is stored. */
  boolean ending() {
    return ending;
  }

  /** How often in a row this participant replied by itself. */
  int automatic(String participant) {
    return Objects.requireNonNullElse(automatic.get(participant), 0);
  }

  /** The last message, without the word that ended it. */
  String summary() {
    return last().map(entry -> entry.text().replace(Participant.TERMINATE, "").strip()).orElse("");
  }
}
