package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Digest;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.RunId;
import dev.assent.core.ToolCallId;
import dev.assent.core.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a tool's body may know about its call, and how it asks people. Used by the body's own thread
 * only.
 *
 * <p>A body that asks is unwound and starts again once there is an answer: what it does before a
 * question stands in {@link #step}, or is done twice.
 */
public final class ToolContext implements Scope {
  private static final Logger LOG = LoggerFactory.getLogger(ToolContext.class);

  /**
   * What a question came to.
   *
   * @param words what was said beside it; may be empty
   */
  record Answer(Verdict verdict, JsonObject value, boolean timedOut, String words) {}

  /** Keeps what steps do; blocks until it is durable. */
  interface Steps {
    /** The kept result of a step; empty when it has none. */
    Optional<byte[]> done(String name);

    /** A step that changes something outside begins. */
    void begin(String name);

    /** A step has this result. */
    void end(String name, byte[] result);
  }

  /**
   * What a call knows before its body starts. Immutable.
   *
   * @param answers by the keyed hash of their question
   * @param mark keyed hash of a question
   * @param misfits what is wrong with the declared answer of a question
   * @param repeatable whether what the body did may be done again
   * @param values what may be injected
   */
  record Known(
      Map<Digest, Answer> answers,
      JsonObject variables,
      Function<byte[], Digest> mark,
      Function<Form, List<String>> misfits,
      boolean repeatable,
      Provided.In values) {}

  private final RunId run;
  private final ToolCallId call;
  private final String agent;
  private final String session;
  private final int attempt;
  private final Instant until;
  private final String idempotencyKey;
  private final String tool;
  private final Known known;
  private final Steps steps;
  private final Map<String, Integer> occurrences = new HashMap<>();
  private final Map<String, Json> changed = new LinkedHashMap<>();
  private @Nullable Thread body;
  private @Nullable Suspension suspended;
  private @Nullable String failedStep;
  private @Nullable ApprovalTerms held;

  ToolContext(
      RunId run,
      ToolCallId call,
      String agent,
      String session,
      int attempt,
      Instant until,
      String idempotencyKey,
      String tool,
      Known known,
      Steps steps) {
    this.run = run;
    this.call = call;
    this.agent = agent;
    this.session = session;
    this.attempt = attempt;
    this.until = until;
    this.idempotencyKey = idempotencyKey;
    this.tool = tool;
    this.known = known;
    this.steps = steps;
  }

  /** The run. */
  @Override
  public RunId run() {
    return run;
  }

  /** The call in the run. */
  public ToolCallId call() {
    return call;
  }

  /** Name of the agent. */
  @Override
  public String agent() {
    return agent;
  }

  /** The conversation. */
  @Override
  public String session() {
    return session;
  }

  /** Counts from 1; 0 for a read-only tool. */
  public int attempt() {
    return attempt;
  }

  /** When the attempt's time limit ends. */
  public Instant until() {
    return until;
  }

  /** The same for every attempt of this call: hand it to the outside system. */
  public String idempotencyKey() {
    return idempotencyKey;
  }

  /**
   * Asks for a free text; for ever.
   *
   * @throws UnansweredException when somebody declines to answer
   */
  public String ask(String prompt) {
    return ask(Question.text(prompt)).string(Form.ANSWER);
  }

  /**
   * Asks for a free text, for so long.
   *
   * @throws UnansweredException when somebody declines to answer, or nobody answers in time
   */
  public String ask(String prompt, Duration within) {
    return ask(Question.text(prompt).within(within)).string(Form.ANSWER);
  }

  /**
   * Asks for a free text; after so long without an answer, the declared one is used. Never use it
   * for anything that a person would have to permit.
   */
  public String ask(String prompt, Duration within, String otherwise) {
    return ask(Question.text(prompt)
            .within(within)
            .orElse(JsonObject.of(Form.ANSWER, new JsonString(otherwise))))
        .string(Form.ANSWER);
  }

  /**
   * Asks for something that is not echoed, and kept only until this call has ended.
   *
   * @throws UnansweredException when somebody declines to answer
   */
  public String askSecret(String prompt) {
    return ask(Question.text(prompt).secret()).string(Form.ANSWER);
  }

  /**
   * Lets a person choose one of these.
   *
   * @throws UnansweredException when somebody declines to choose
   */
  public String choose(String prompt, List<String> options) {
    return ask(Question.of(Form.choice(prompt, options, false))).string(Form.ANSWER);
  }

  /**
   * Lets a person choose any number of these.
   *
   * @throws UnansweredException when somebody declines to choose
   */
  public List<String> chooseSeveral(String prompt, List<String> options) {
    JsonArray chosen = ask(Question.of(Form.choice(prompt, options, true))).array(Form.ANSWER);
    return chosen.elements().stream().map(each -> ((JsonString) each).value()).toList();
  }

  /**
   * Asks for named fields.
   *
   * @throws UnansweredException when somebody declines to fill them in
   */
  public JsonObject askFields(String prompt, List<FormField> fields) {
    return ask(Question.of(Form.fields(prompt, fields)));
  }

  /**
   * Asks for a yes. Only {@code y}, {@code yes} and {@code 1}, in any case, confirm; anything else
   * declines, and so does nobody answering in time.
   */
  public Confirmation confirm(String prompt) {
    return confirm(prompt, null);
  }

  /** As {@link #confirm(String)}, for at most so long. */
  public Confirmation confirm(String prompt, @Nullable Duration within) {
    Question question = Question.of(Form.confirm(prompt));
    try {
      String said = ask(within == null ? question : question.within(within)).string(Form.ANSWER);
      return Confirmation.of(said);
    } catch (UnansweredException e) {
      return new Confirmation.Declined(e.getMessage() == null ? "" : e.getMessage());
    }
  }

  /**
   * Asks. The question is durable before anybody is asked; without an answer the body is unwound
   * and starts again later.
   *
   * @return the answer, checked against the question's form
   * @throws UnansweredException when somebody declines to answer, or nobody answers in time
   * @throws IllegalStateException when called from another thread than the body's, or after a step
   *     that failed and may not be done again
   * @throws IllegalArgumentException when the declared answer is none that a person could give
   */
  public JsonObject ask(Question question) {
    mine("ask");
    Digest mark = known.mark().apply(occurrence(question.form()));
    Answer answer = known.answers().get(mark);
    if (answer == null) {
      throw unwound(question, mark);
    }
    if (answer.verdict() == Verdict.DECLINE) {
      throw new UnansweredException(
          answer.timedOut()
              ? "nobody answered in time: " + question.form().prompt()
              : "declined to answer: "
                  + question.form().prompt()
                  + (answer.words().isEmpty() ? "" : " (" + answer.words() + ")"),
          answer.timedOut());
    }
    return answer.value();
  }

  private Suspension unwound(Question question, Digest mark) {
    List<String> misfits = known.misfits().apply(question.form());
    if (!misfits.isEmpty()) {
      throw new IllegalArgumentException(
          "the declared answer does not fit its question: " + String.join("; ", misfits));
    }
    if (failedStep != null) {
      throw new IllegalStateException(
          "step "
              + failedStep
              + " failed, and nobody knows what it did; a question now would let the body start"
              + " again and do it again. Catch the error inside the step, and return what happened");
    }
    suspended = new Suspension(question.form(), mark, question.terms(tool), place());
    return suspended;
  }

  /** Where the body asks. */
  private static String place() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !frame.getClassName().equals(ToolContext.class.getName()))
                    .findFirst())
        .map(StackWalker.StackFrame::toString)
        .orElse("an unknown place");
  }

  private byte[] occurrence(Form form) {
    String text = new String(form.question(), StandardCharsets.UTF_8);
    return occurrence(form, occurrences.merge(text, 1, Integer::sum));
  }

  /** What is hashed of a question that is asked for so manieth a time. */
  static byte[] occurrence(Form form, int time) {
    byte[] asked = form.question();
    byte[] number = (":" + time).getBytes(StandardCharsets.UTF_8);
    byte[] both = java.util.Arrays.copyOf(asked, asked.length + number.length);
    System.arraycopy(number, 0, both, asked.length, number.length);
    return both;
  }

  /**
   * Does something once, even if the body starts again: its text is kept. A crash in the middle of
   * it leaves the call in doubt like any other effect. A step that throws is not kept: unless the
   * tool may be repeated, or it throws {@link NotExecutedException}, the body cannot ask any more.
   *
   * @param name tells the step from others; the same name again is the next step of that name
   */
  public String step(String name, Callable<String> work) throws Exception {
    mine("step");
    String key = name + "#" + occurrences.merge("step:" + name, 1, Integer::sum);
    Optional<byte[]> done = steps.done(key);
    if (done.isPresent()) {
      return new String(done.get(), StandardCharsets.UTF_8);
    }
    steps.begin(key);
    String result = Objects.requireNonNullElse(done(name, work), "");
    steps.end(key, result.getBytes(StandardCharsets.UTF_8));
    return result;
  }

  private @Nullable String done(String name, Callable<String> work) throws Exception {
    try {
      return work.call();
    } catch (Suspension | NotExecutedException e) {
      throw e;
    } catch (Exception | Error e) {
      failedStep = known.repeatable() ? failedStep : name;
      throw e;
    }
  }

  /**
   * A variable that tools of this session share, as it is now; empty when it was never set. What a
   * call is about should be approved with it: declare it as a parameter, see {@link
   * dev.assent.core.Variable}.
   */
  @Override
  public Optional<Json> variable(String name) {
    Json now = changed.get(name);
    return now == null
        ? known.variables().find(name)
        : now instanceof JsonNull ? Optional.empty() : Optional.of(now);
  }

  /**
   * Sets a variable; it is kept with the result of this call, and with each question that the body
   * asks: a body that starts again finds its own change.
   */
  public void setVariable(String name, Json value) {
    mine("setVariable");
    changed.put(name, value);
  }

  @Override
  public <T> T value(String name, Class<T> type) {
    return known.values().value(this, name, type);
  }

  /** What the body gives back waits for a look. */
  void hold(ApprovalTerms terms) {
    held = held == null ? terms : held.and(terms);
  }

  /** Who looks at what it gave back; absent when nobody has to. */
  @Nullable ApprovalTerms held() {
    return held;
  }

  /** What the body changed. */
  Map<String, Json> changed() {
    return changed;
  }

  /** The question that unwound the body; its swallowing does not count. */
  @Nullable Suspension suspended() {
    return suspended;
  }

  /** From here on the calling thread is the body's. */
  void enter() {
    body = Thread.currentThread();
  }

  private void mine(String what) {
    if (Thread.currentThread() != body) {
      throw new IllegalStateException(
          what
              + " is called from another thread than the body's; ask on the body's own thread and"
              + " hand the answer over");
    }
    Suspension before = suspended;
    if (before != null) {
      LOG.warn(
          "A body goes on after its question unwound it; what it does is discarded: {}",
          before.getMessage());
      throw before;
    }
  }
}
