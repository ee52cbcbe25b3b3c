package dev.assent.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a process of its own: {@code yes y | program}. */
@Tag("X52")
class NoTerminalTest {
  @TempDir Path folder;

  @Test
  void aProgramThatAsksFirstEndsWithThree() throws Exception {
    Ended ended = run();

    assertThat(ended.code()).isEqualTo(ConsoleResponder.NO_TERMINAL);
    assertThat(ended.err()).contains("standard input and output are not a terminal");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aPipedYesApprovesNothing() throws Exception {
    Ended ended = run("unchecked");

    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("END PAUSED").doesNotContain("PAID", "NOTED");
    assertThat(ended.err()).containsOnlyOnce("so nothing can be decided here");
  }

  private record Ended(int code, String out, String err) {}

  private Ended run(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ConsoleTrial.class.getName()));
    command.addAll(List.of(arguments));
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    Process process = new ProcessBuilder(command).redirectOutput(out).redirectError(err).start();
    try (OutputStream input = process.getOutputStream()) {
      input.write("y\npay_invoice\ny\n".repeat(100).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading its input, as it should.
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
  }
}
