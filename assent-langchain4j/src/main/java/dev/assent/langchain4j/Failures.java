package dev.assent.langchain4j;

import com.fasterxml.jackson.core.JacksonException;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.SafeText;
import dev.assent.core.spi.ModelException;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a library threw, as the one exception that the runtime knows. */
final class Failures {
  private static final int DEEPEST = 20;
  private static final int LONGEST_DETAIL = 300;

  private Failures() {}

  /** The request cannot be sent as it is. */
  static ModelException request(String message) {
    return new ModelException("model-request-invalid", message, false, null, null);
  }

  /** The first cause, from the outside in, that says what happened; HTTP statuses say it best. */
  static ModelException of(String model, RuntimeException thrown) {
    return first(thrown, HttpException.class)
        .map(http -> ofStatus(model, http, thrown))
        .or(() -> causes(thrown).flatMap(each -> of(model, each, thrown).stream()).findFirst())
        .orElseGet(() -> unknown(model, thrown));
  }

  private static ModelException unknown(String model, RuntimeException thrown) {
    boolean mayPass = first(thrown, RetriableException.class).isPresent();
    return failure(
        mayPass ? "model-unavailable" : "model-failed",
        model,
        "failed" + detail(thrown),
        mayPass,
        null,
        thrown);
  }

  private static ModelException ofStatus(String model, HttpException http, Throwable thrown) {
    int status = http.statusCode();
    Duration after = http instanceof ProviderHttpException ours ? ours.retryAfter() : null;
    String said = "answered " + status + detail(http);
    return switch (status) {
      case 401, 403 ->
          failure("model-unauthorized", model, said + ". Check the key", false, after, thrown);
      case 404 ->
          failure(
              "model-not-found", model, said + ". Check name and address", false, after, thrown);
      case 408 -> failure("model-timeout", model, said, true, after, thrown);
      case 429 -> failure("model-rate-limited", model, said, true, after, thrown);
      default ->
          status >= 500 && status < 600
              ? failure("model-unavailable", model, said, true, after, thrown)
              : failure("model-rejected", model, said, false, after, thrown);
    };
  }

  private static Optional<ModelException> of(String model, Throwable cause, Throwable thrown) {
    return Optional.ofNullable(
        switch (cause) {
          case InterruptedException e ->
              failure("model-interrupted", model, "was interrupted", true, null, thrown);
          case ContentFilteredException e ->
              failure("model-refused", model, "refused to answer" + detail(e), false, null, thrown);
          case RateLimitException e ->
              failure(
                  "model-rate-limited", model, "is rate limited" + detail(e), true, null, thrown);
          case AuthenticationException e ->
              failure(
                  "model-unauthorized", model, "refused the key" + detail(e), false, null, thrown);
          case ModelNotFoundException e ->
              failure("model-not-found", model, "was not found" + detail(e), false, null, thrown);
          case InvalidRequestException e ->
              failure(
                  "model-rejected", model, "rejected the request" + detail(e), false, null, thrown);
          case UnsupportedFeatureException e ->
              failure(
                  "model-request-invalid", model, "cannot do it" + detail(e), false, null, thrown);
          case dev.langchain4j.exception.TimeoutException e -> timeout(model, thrown);
          case HttpTimeoutException e -> timeout(model, thrown);
          case SocketTimeoutException e -> timeout(model, thrown);
          case java.util.concurrent.TimeoutException e -> timeout(model, thrown);
          case UnresolvedModelServerException e -> unreachable(model, thrown);
          case UnresolvedAddressException e -> unreachable(model, thrown);
          case UnknownHostException e -> unreachable(model, thrown);
          case ConnectException e -> unreachable(model, thrown);
          case UnreadableReplyException e -> unreadable(model);
          case JacksonException e -> unreadable(model);
          case IOException e ->
              failure("model-connection-cut", model, "broke off its answer", true, null, thrown);
          default -> null;
        });
  }

  private static ModelException timeout(String model, Throwable thrown) {
    return failure("model-timeout", model, "did not answer in time", true, null, thrown);
  }

  private static ModelException unreachable(String model, Throwable thrown) {
    return failure(
        "model-unreachable", model, "cannot be reached. Check the address", true, null, thrown);
  }

  /** Without the cause: parsers quote what they could not read, and a server may echo the key. */
  private static ModelException unreadable(String model) {
    return failure(
        "model-bad-reply",
        model,
        "answered with something that is not a chat completion. Check the address",
        true,
        null,
        null);
  }

  private static ModelException failure(
      String code,
      String model,
      String what,
      boolean worthRetrying,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    return new ModelException(
        code, "The model '" + model + "' " + what + ".", worthRetrying, retryAfter, cause);
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, each -> each != null, Throwable::getCause).limit(DEEPEST);
  }

  private static <T extends Throwable> Optional<T> first(Throwable thrown, Class<T> type) {
    return causes(thrown).filter(type::isInstance).map(type::cast).findFirst();
  }

  /** The provider's own words, which are foreign text. */
  private static String detail(Throwable failure) {
    String said = failure.getMessage();
    return said == null || said.isBlank()
        ? ""
        : ": " + SafeText.of(message(said.strip())).cut(LONGEST_DETAIL);
  }

  /** {@code error.message} of a provider's problem; the whole text when it is no such thing. */
  private static String message(String body) {
    try {
      return Json.parse(body) instanceof JsonObject problem
              && problem.find("error").orElse(null) instanceof JsonObject error
              && error.find("message").orElse(null) instanceof JsonString message
          ? message.value()
          : body;
    } catch (MalformedJsonException e) {
      return body;
    }
  }
}
