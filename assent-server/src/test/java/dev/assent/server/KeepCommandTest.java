package dev.assent.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.runtime.Agent;
import dev.assent.runtime.RunResult;
import dev.assent.web.Accounts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is held and erased on the command line, while no server runs. */
class KeepCommandTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  @TempDir Path folder;
  private String session = "";

  @BeforeEach
  void somethingWasSaid() {
    try (AssentServer server =
        AssentServer.start(
            ServerOptions.in(folder).onPort(0),
            new PrintStream(new ByteArrayOutputStream()),
            Agent.named("parrot").model(new AuditCommandTest.Parrot()).build())) {
      RunResult result = server.assent().run("parrot", "Hello");
      session = server.assent().runCard(result.run()).run().state().session();
    }
  }

  private int command(String... arguments) {
    said.reset();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", folder.toString()));
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return ServerCommand.run(all.toArray(String[]::new), out, out);
  }

  private int keep(String... arguments) {
    List<String> all = new ArrayList<>(List.of("keep", "--as", Accounts.FIRST));
    all.addAll(List.of(arguments));
    return command(all.toArray(String[]::new));
  }

  private String output() {
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsHeldIsErasedOnlyAfterItWasReleased() {
    assertThat(keep("hold", session, "--why", "a law suit")).as(output()).isZero();
    assertThat(keep("list")).isZero();
    assertThat(output()).contains(session).contains("a law suit");
    assertThat(keep("erase", session)).isNotZero();
    assertThat(output()).contains("It is kept by order of " + Accounts.FIRST);

    assertThat(keep("release", session, "--why", "it is over")).as(output()).isZero();
    assertThat(keep("erase", session)).as(output()).isZero();

    assertThat(keep("list")).isZero();
    assertThat(output()).doesNotContain(session);
    assertThat(command("audit", "verify")).as(output()).isZero();
  }

  @Test
  void anUnknownAccountOrdersNothing() {
    assertThat(command("keep", "--as", "nobody", "erase", session)).isNotZero();
    assertThat(output()).contains("There is no account 'nobody'");
  }

  @Test
  void theLauncherKnowsEachCommand() throws IOException {
    String launcher = Files.readString(Path.of("../assent"));

    assertThat(new CommandLine(new ServerCommand(System.out)).getSubcommands().keySet())
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(launcher)
                    .contains("  " + name + ") run assent-server " + name + " \"$@\" ;;"));
  }
}
