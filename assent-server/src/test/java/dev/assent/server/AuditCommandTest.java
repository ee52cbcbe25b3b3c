package dev.assent.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import dev.assent.runtime.Agent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditCommandTest {
  @TempDir Path folder;
  private Path data;
  private ServerOptions options;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  /** Says the same each time. */
  static final class Parrot implements Model {
    @Override
    public String name() {
      return "parrot";
    }

    @Override
    public Reply call(Request request, Consumer<String> deltas) {
      return new Reply(new Message.Assistant("hello", List.of()), TokenUse.NONE);
    }
  }

  @BeforeEach
  void somethingHappened() {
    data = folder.resolve("data");
    options = ServerOptions.in(data).onPort(0);
    try (AssentServer server = start()) {
      server.assent().run("parrot", "Hello");
    }
  }

  private AssentServer start() {
    return AssentServer.start(
        options,
        new PrintStream(new ByteArrayOutputStream()),
        Agent.named("parrot").model(new Parrot()).build());
  }

  private int audit(String... arguments) {
    said.reset();
    List<String> all = new ArrayList<>(List.of("audit"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--data", data.toString()));
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return ServerCommand.run(all.toArray(String[]::new), out, out);
  }

  private String output() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("the store is verified, while a server runs and after it")
  void theStore() {
    assertThat(audit("verify")).as(output()).isZero();
    assertThat(output()).contains("intact: ").contains("proves records 1 to ");

    try (AssentServer server = start()) {
      server.assent().run("parrot", "Hello again");
      assertThat(audit("verify")).as(output()).isZero();
      assertThat(output()).contains("not covered by a checkpoint: ");
    }
    assertThat(audit("verify")).isZero();
    assertThat(output()).doesNotContain("not covered");
  }

  @Test
  @DisplayName("a changed record is named, and the exit code is 1")
  void changed() throws Exception {
    try (Connection file =
        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("assent.db"))) {
      file.createStatement()
          .executeUpdate("UPDATE assent_audit SET hash = zeroblob(32) WHERE position = 1");
    }

    assertThat(audit("verify")).isEqualTo(1);
    assertThat(output()).contains("BROKEN at record 1: The bytes of record 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash = x'00'", "chain = x'00'", "record = x''", "record = x'ff'"})
  @DisplayName("a record of which something is cut off is named, too")
  void cutOff(String change) throws Exception {
    try (Connection file =
        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("assent.db"))) {
      file.createStatement()
          .executeUpdate("UPDATE assent_audit SET " + change + " WHERE position = 1");
    }

    assertThat(audit("verify")).as(output()).isEqualTo(1);
    assertThat(output()).contains("BROKEN at record 1");
  }

  @Test
  @DisplayName("a line of an export that cannot be read is named")
  void unreadableLine() throws Exception {
    Path file = folder.resolve("cut.jsonl");
    assertThat(audit("export", "--out", file.toString())).as(output()).isZero();
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(0, lines.getFirst().substring(0, 20));
    Files.write(file, lines);

    assertThat(audit("verify", "--export", file.toString())).isNotZero();
    assertThat(output()).contains("line 1");
  }

  @Test
  @DisplayName("an export is verified by itself with the public key alone")
  void anExport() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    assertThat(audit("export", "--out", file.toString())).as(output()).isZero();
    assertThat(audit("export", "--out", file.toString())).isEqualTo(3);
    assertThat(output()).contains("is there already");
    assertThat(audit("key")).isZero();
    String key = output().strip();

    assertThat(audit("verify", "--export", file.toString(), "--key", key)).as(output()).isZero();
    Files.writeString(file, Files.readString(file).replaceFirst("parrot|Hello|run", "rum"));
    assertThat(audit("verify", "--export", file.toString(), "--key", key)).isNotZero();
    assertThat(audit("verify", "--key", "00")).isEqualTo(3);
    assertThat(output()).contains("was not signed by the key 00");

    try (Stream<Path> kept = Files.list(data)) {
      for (Path each : kept.filter(one -> one.toString().contains("checkpoint")).toList()) {
        Files.delete(each);
      }
    }
    assertThat(audit("verify", "--key", key)).isEqualTo(1);
    assertThat(output()).contains("NOT PROVED");
    assertThat(audit("verify")).as("without a key nobody asks for a proof").isZero();

    assertThat(audit("export", "--format", "csv")).isZero();
    assertThat(output()).startsWith("position,at,type,run");
    assertThat(audit("export", "--format", "xls")).isEqualTo(2);
    assertThat(output()).contains("jsonl or csv");
  }
}
