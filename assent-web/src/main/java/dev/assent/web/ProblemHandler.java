package dev.assent.web;

import dev.assent.core.AssentException;
import dev.assent.core.SafeText;
import dev.assent.core.spi.StoreException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns every exception of the API into a problem: the one place where that is said. */
final class ProblemHandler implements HandlerExceptionResolver, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception exception) {
    if (!ApiPaths.covers(request)) {
      return null;
    }
    if (!response.isCommitted() && !(exception instanceof AsyncRequestNotUsableException)) {
      Problem problem = problem(exception);
      response.resetBuffer();
      try {
        allow(exception, response);
        problem.writeTo(response);
      } catch (IOException e) {
        LOG.debug("The client went away before it was told {}", problem, e);
      }
    }
    return new ModelAndView();
  }

  private static Problem problem(Exception exception) {
    return switch (exception) {
      case ProblemException e -> e.problem();
      case HttpMessageNotReadableException e ->
          Problem.of(400, "malformed-json", "The body is missing", "Send one JSON object.");
      case AssentException e -> of(e);
      case NoResourceFoundException e ->
          Problem.of(404, "not-found", "There is no such resource", "See openapi.json.");
      case HttpRequestMethodNotSupportedException e ->
          Problem.of(405, "method-not-allowed", "This method is not for this resource", "");
      case HttpMediaTypeNotSupportedException e ->
          Problem.of(415, "not-json", "The body is not JSON", "Send application/json.");
      case MethodArgumentTypeMismatchException e ->
          Problem.of(
              400,
              "invalid-parameter",
              "A parameter has no such value",
              "'%s' cannot be %s."
                  .formatted(e.getName(), SafeText.of(String.valueOf(e.getValue())).cut(80)));
      case ServletRequestBindingException e ->
          Problem.of(400, "invalid-parameter", "A parameter is missing", "");
      default ->
          exception instanceof ErrorResponse refused && refused.getStatusCode().is4xxClientError()
              ? Problem.of(
                  refused.getStatusCode().value(),
                  "invalid-request",
                  "The request is not valid",
                  "")
              : internal(exception);
    };
  }

  private static Problem of(AssentException e) {
    String said = SafeText.of(String.valueOf(e.getMessage())).toString();
    return switch (e.code()) {
      case "malformed-json" -> Problem.of(400, "malformed-json", "The body is not valid", said);
      case "invalid-cursor" ->
          Problem.of(400, "invalid-cursor", "That is not a place in this list", said);
      case "unknown-agent" -> Problem.of(404, "unknown-agent", "There is no such agent", said);
      case "unknown-run" -> Problem.of(404, "unknown-run", "There is no such run", said);
      case "unknown-requirement" ->
          Problem.of(404, "unknown-requirement", "There is no such requirement", said);
      case "idempotency-key-reused" ->
          Problem.of(422, "idempotency-key-reused", "This key was used for another run", said);
      case "too-many-conflicts" ->
          Problem.of(503, "too-many-conflicts", "Too many wrote at once; send it again", said);
      case "unknown-grant" -> Problem.of(404, "unknown-grant", "There is no such grant", said);
      case "unknown-mandate" ->
          Problem.of(404, "unknown-mandate", "There is no such mandate", said);
      case "reveal-required" ->
          Problem.of(403, "reveal-required", "Have what is hidden revealed first", said);
      case "invalid-mandate" ->
          Problem.of(422, "invalid-mandate", "That cannot be a mandate", said);
      case "unknown-account" ->
          Problem.of(422, "unknown-account", "There is no such account", said);
      case "lease-out-of-bounds" ->
          Problem.of(422, "lease-out-of-bounds", "It cannot be claimed so long", said);
      case "not-entitled" -> Problem.of(403, "not-entitled", "You may not do that", said);
      case "grant-erased" -> Problem.of(410, "grant-erased", "What it said was erased", said);
      case "attachment-changed" ->
          Problem.of(409, "attachment-changed", "What is stored is not what is asked about", said);
      case "run-finished" -> Problem.of(409, "run-finished", "The run has already finished", said);
      case "session-busy" ->
          Problem.of(409, "session-busy", "The conversation has an unfinished run", said);
      default -> e instanceof StoreException failure ? of(failure) : internal(e);
    };
  }

  /** The message names files and repeats the database: it is for the log. */
  static Problem of(StoreException e) {
    String reference = logged(e);
    String known =
        switch (e.code()) {
          case "store-full" -> "Its disk is full; nothing of this was written. ";
          case "store-held" -> "Another program has it locked. ";
          case "store-closed" -> "The server is stopping. ";
          case "store-newer", "snapshot-newer" -> "A newer version of Assent wrote that. ";
          case "run-changed",
              "run-unsigned",
              "run-copied",
              "run-rolled-back",
              "requirement-changed",
              "requirement-unsigned",
              "requirement-rolled-back" ->
              "Somebody changed what is stored of this run; nothing of it is executed. ";
          case "grant-changed", "grant-rolled-back" ->
              "Somebody changed what is stored of this grant; nothing runs on it. ";
          case "mandate-changed", "mandate-rolled-back" ->
              "Somebody changed what is stored of this mandate; nobody decides by it. ";
          case "snapshot-broken" -> "What is stored of this run cannot be used. ";
          default -> "";
        };
    return Problem.of(
            503,
            e.code(),
            "The store cannot do that now",
            known + "It was logged under " + reference + ".")
        .with("reference", reference);
  }

  private static Problem internal(Exception e) {
    String reference = logged(e);
    return Problem.of(
            500,
            "internal",
            "Something broke in the server",
            "It was logged under " + reference + ".")
        .with("reference", reference);
  }

  private static String logged(Exception e) {
    String reference = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    LOG.error("A request failed, reference {}", reference, e);
    return reference;
  }

  private static void allow(Exception exception, HttpServletResponse response) {
    if (exception instanceof HttpRequestMethodNotSupportedException e
        && e.getSupportedMethods() != null) {
      response.setHeader("Allow", String.join(", ", e.getSupportedMethods()));
    }
  }
}
