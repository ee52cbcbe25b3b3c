package dev.assent.scenarios;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.CallStatus;
import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.Keyring;
import dev.assent.core.MasterKeyFile;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.RunId;
import dev.assent.core.ToolSpec;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Makes the golden store file: one run that stopped in each state of a tool call. */
final class GoldenStore {
  static final String FILE = "store-v2.db";
  static final String KEY = "store-v2.key";
  static final Instant MADE = Instant.parse("2026-05-01T09:00:00.250Z");

  static final ToolSpec PAY =
      tool(
          "pay",
          "invoice",
          "invoice:{invoice}",
          List.of(new PolicyOutcome.Require(ApprovalTerms.simple("payments need a person"))));
  static final ToolSpec MAIL = tool("mail", "to", null, List.of());

  private GoldenStore() {}

  private static ToolSpec tool(
      String name, String argument, String effectKey, List<PolicyOutcome> rules) {
    return new ToolSpec(
        ToolSpec.OWN_CODE,
        name,
        "1",
        "",
        Json.parse(
            "{\"type\":\"object\",\"properties\":{\"%s\":{\"type\":\"string\"}},\"required\":[\"%s\"],\"additionalProperties\":false}"
                .formatted(argument, argument)),
        Effect.AT_MOST_ONCE,
        effectKey,
        false,
        Duration.ofMinutes(1),
        rules);
  }

  static RunId run(CallStatus status) {
    return new RunId("golden-" + status.name().toLowerCase(Locale.ROOT));
  }

  /**
   * Writes the file.
   *
   * @param arguments the folder; a key that lies there is used
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path file = folder.resolve(FILE);
    Files.deleteIfExists(file);
    Keyring keys = MasterKeyFile.openOrCreate(folder.resolve(KEY));
    try (SqliteStore store = SqliteStore.at(file, keys).clock(VirtualClock.at(MADE)).open()) {
      for (CallStatus status : CallStatus.values()) {
        new GoldenRun(store, status).write();
      }
    }
    for (String beside : List.of("-wal", "-shm", ".lock")) {
      Files.deleteIfExists(folder.resolve(FILE + beside));
    }
  }
}
