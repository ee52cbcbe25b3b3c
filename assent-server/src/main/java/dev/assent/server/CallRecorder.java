package dev.assent.server;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonObject;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunCard;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.web.AccountDirectory;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the calls that a store knows as recorded calls, the newest run first. Stateless. */
final class CallRecorder {
  private static final int PAGE = 100;

  private CallRecorder() {}

  /** How many were written; calls that were denied or refused are not kept with arguments. */
  static int write(SqliteStore store, PrintStream out) {
    AccountDirectory directory = new AccountDirectory(store, AssentServer.TENANT);
    int written = 0;
    try (Assent assent =
        Assent.on(store)
            .tenant(AssentServer.TENANT)
            .directory(directory)
            .profile(directory::profile)
            .start()) {
      out.print("{\"calls\":[");
      List<Store.StoredRun> page = runs(store, null);
      while (!page.isEmpty()) {
        for (Store.StoredRun run : page) {
          for (RunCard.CardCall call : assent.runCard(run.state().id()).calls()) {
            if (call.arguments() != null) {
              out.print((written++ == 0 ? "\n" : ",\n") + line(run, call, directory));
            }
          }
        }
        page = runs(store, page.getLast());
      }
      out.println("\n]}");
    }
    return written;
  }

  private static List<Store.StoredRun> runs(SqliteStore store, Store.@Nullable StoredRun after) {
    return store.runs(
        AssentServer.TENANT, null, null, PAGE, after == null ? null : after.state().id());
  }

  private static JsonObject line(
      Store.StoredRun run, RunCard.CardCall card, AccountDirectory directory) {
    ToolCall call = card.call();
    JsonObject line =
        JsonObject.of("name", Json.of(run.state().id() + "/" + call.id()))
            .with("agent", Json.of(run.state().agent()))
            .with("tool", Json.of(call.tool()))
            .with("effect", Json.of(call.mustBeBound().effect().name()))
            .with("arguments", Json.parse(String.valueOf(card.arguments())))
            .with("session", Json.of(run.state().session()))
            .with("requester", Json.of(run.requester()));
    List<Json> roles =
        directory.find(run.requester()).stream()
            .flatMap(known -> known.roles().stream().sorted())
            .<Json>map(Json::of)
            .toList();
    return roles.isEmpty() ? line : line.with("roles", new JsonArray(roles));
  }
}
