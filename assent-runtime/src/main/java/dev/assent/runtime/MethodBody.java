package dev.assent.runtime;

import dev.assent.core.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The annotated method of an object as the body of a tool. Immutable. */
record MethodBody(Object holder, Method method, List<AnnotatedTools.Argument> arguments)
    implements ToolBody {

  /**
   * Looks whether all that the tools of an agent need is provided, before anybody needs it.
   *
   * @throws IllegalArgumentException when something is not
   */
  static void check(Agent agent, Set<String> ofTheProcess) {
    for (ToolBinding tool : agent.tools()) {
      if (tool.body() instanceof MethodBody body) {
        for (AnnotatedTools.Argument argument : body.arguments()) {
          if (argument.injected() instanceof Injected.Named needed
              && !agent.values().names().contains(needed.name())
              && !ofTheProcess.contains(needed.name())) {
            throw new IllegalArgumentException(
                "agent '"
                    + agent.name()
                    + "': the tool '"
                    + tool.spec().name()
                    + "' needs '"
                    + needed.name()
                    + "'; give it to the agent or to the process by value(…)");
          }
        }
      }
    }
  }

  @Override
  public String run(ToolContext context, JsonObject given) throws Exception {
    @Nullable Object[] values = values(context, given);
    Object result;
    try {
      result = method.invoke(holder, values);
    } catch (InvocationTargetException e) {
      throw thrown(e.getCause(), e);
    } catch (IllegalArgumentException e) {
      throw new NotExecutedException("the tool does not take these arguments", e);
    }
    return AnnotatedTools.told(awaited(result));
  }

  private @Nullable Object[] values(ToolContext context, JsonObject given) {
    @Nullable Object[] values = new @Nullable Object[arguments.size()];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = arguments.get(i).value(context, given);
      }
    } catch (InjectionException e) {
      throw new NotExecutedException(String.valueOf(e.getMessage()), e);
    }
    return values;
  }

  /**
   * What a future came to. The thread waits here, so it is the tool's time limit that ends it; what
   * is not waited for any more is cancelled.
   */
  static @Nullable Object awaited(@Nullable Object result) throws Exception {
    if (!(result instanceof CompletionStage<?> || result instanceof Future<?>)) {
      return result;
    }
    Future<?> future = result instanceof CompletionStage<?> stage ? own(stage) : (Future<?>) result;
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw thrown(e.getCause(), e);
    } catch (CancellationException e) {
      throw new IllegalStateException("the tool's future was cancelled", e);
    } finally {
      future.cancel(true);
    }
  }

  private static Future<?> own(CompletionStage<?> stage) {
    try {
      return stage.toCompletableFuture();
    } catch (UnsupportedOperationException e) {
      CompletableFuture<Object> mine = new CompletableFuture<>();
      stage.whenComplete(
          (value, failure) -> {
            if (failure != null) {
              mine.completeExceptionally(failure);
            } else {
              mine.complete(value);
            }
          });
      return mine;
    }
  }

  /** What the method itself threw. */
  private static Exception thrown(@Nullable Throwable cause, Exception wrapper) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof Exception exception ? exception : wrapper;
  }
}
