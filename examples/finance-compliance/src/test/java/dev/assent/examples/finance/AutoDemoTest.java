package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo, with a server of its own that is killed; as {@code ./assent demo --auto}. */
@Timeout(400)
class AutoDemoTest {
  @TempDir Path folder;

  @Test
  void fourKillsLeaveEveryCallWithOneEndAndNoInvoicePaidTwice() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    int code = new AutoDemo(out, folder, Transactions.standard()).call();

    String text = printed.toString(StandardCharsets.UTF_8);
    Path log = folder.resolve("server.log");
    assertThat(code).as(text + (Files.exists(log) ? Files.readString(log) : "")).isZero();
    assertThat(text)
        .contains("killed with -9 while paused (exit code 137)")
        .contains("killed with -9 between decision and intent (exit code 137)")
        .contains("killed with -9 between intent and effect (exit code 137)")
        .contains("killed with -9 between effect and result (exit code 137)")
        .contains("the ledger has no line: reconciled as not happened")
        .containsPattern("the ledger has line \\d+: reconciled as happened")
        .containsPattern("calls in the journal +210")
        .containsPattern("rejected by a person, not paid +4")
        .containsPattern("denied by a rule, not paid +2")
        .containsPattern("reconciled after a kill, paid once +2")
        .contains("OK: every call has exactly one end");
    assertThat(Files.readString(log)).doesNotContain("ERROR");
  }
}
