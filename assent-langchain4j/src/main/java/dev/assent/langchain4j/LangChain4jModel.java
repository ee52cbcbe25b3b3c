package dev.assent.langchain4j;

import dev.assent.core.spi.Model;
import dev.assent.core.spi.ModelException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Any chat model of LangChain4j as a {@link Model}. As thread-safe as the model inside.
 *
 * <p>A failed call is not repeated here: whoever runs the agent does that, so turn LangChain4j's
 * own retries off ({@code maxRetries(0)}). What does not fit into LangChain4j's messages is not
 * carried: a model's thinking is not sent back to it.
 */
public final class LangChain4jModel implements Model {
  /** How long a streaming model may say nothing, unless told otherwise. */
  public static final Duration SILENCE = Duration.ofMinutes(5);

  private final String name;
  private final Talk talk;
  private volatile OfferedTools offered = OfferedTools.of(List.of());

  /** One exchange; throws whatever the library throws. */
  private interface Talk {
    ChatResponse exchange(ChatRequest request, Consumer<String> deltas);
  }

  private LangChain4jModel(String name, Talk talk) {
    this.name = name;
    this.talk = talk;
  }

  /** A model that answers in one piece; it has a time limit only if it was built with one. */
  public static LangChain4jModel of(ChatModel model) {
    return new LangChain4jModel(
        nameOf(model.defaultRequestParameters(), model), (request, deltas) -> model.chat(request));
  }

  /** A model that streams; each call blocks until the whole reply is there. */
  public static LangChain4jModel of(StreamingChatModel model) {
    return of(model, SILENCE);
  }

  /**
   * A model that streams, given up when it says nothing for so long.
   *
   * @throws IllegalArgumentException when {@code silence} is not positive
   */
  public static LangChain4jModel of(StreamingChatModel model, Duration silence) {
    if (silence.isZero() || silence.isNegative()) {
      throw new IllegalArgumentException("silence must be positive, it is " + silence);
    }
    return new LangChain4jModel(
        nameOf(model.defaultRequestParameters(), model),
        (request, deltas) -> BlockingReply.of(model, request, deltas, silence));
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Tool calls carry the ids and the argument text that the model wrote, whatever it is; no text
   * at all becomes <code>{}</code>, a missing or repeated id a new one.
   */
  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    OfferedTools tools = offered(request.tools());
    ChatRequest wire = ChatRequests.of(request, tools.specifications());
    Listener listener = new Listener(deltas);
    try {
      return Replies.of(talk.exchange(wire, listener), tools.names(), request.messages());
    } catch (ModelException e) {
      throw e;
    } catch (RuntimeException e) {
      listener.rethrowOwnFailure();
      throw Failures.of(name, e);
    }
  }

  /** An agent offers the same tools turn after turn: they are translated once. */
  private OfferedTools offered(List<Offered> tools) {
    OfferedTools known = offered;
    if (!known.tools().equals(tools)) {
      known = OfferedTools.of(tools);
      offered = known;
    }
    return known;
  }

  /** The name only: a model's other settings may hold secrets. */
  @Override
  public String toString() {
    return "LangChain4jModel[" + name + "]";
  }

  private static String nameOf(ChatRequestParameters parameters, Object model) {
    String configured = parameters == null ? null : parameters.modelName();
    return Objects.requireNonNullElse(configured, model.getClass().getSimpleName());
  }

  /** Keeps apart what the taker of the deltas threw from what the model did. */
  private static final class Listener implements Consumer<String> {
    private final Consumer<String> deltas;
    private volatile boolean failed;
    private volatile RuntimeException failure = new IllegalStateException("no failure");

    Listener(Consumer<String> deltas) {
      this.deltas = deltas;
    }

    @Override
    public void accept(String piece) {
      if (failed) {
        return;
      }
      try {
        deltas.accept(piece);
      } catch (RuntimeException e) {
        failure = e;
        failed = true;
        throw e;
      }
    }

    void rethrowOwnFailure() {
      if (failed) {
        throw failure;
      }
    }
  }
}
