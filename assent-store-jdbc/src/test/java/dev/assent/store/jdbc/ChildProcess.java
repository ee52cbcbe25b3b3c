package dev.assent.store.jdbc;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java of its own; killed without mercy. */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private ChildProcess(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChildProcess start(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ChildProcess(
        new ProcessBuilder(command)
            .redirectError(
                new File(System.getProperty("os.name").startsWith("Win") ? "NUL" : "/dev/null"))
            .start());
  }

  /** The next line that it says; null at the end. */
  String line() throws IOException {
    return out.readLine();
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL; then all that it had said. */
  List<String> kill() throws Exception {
    process.toHandle().destroyForcibly(); // leaves its output to be read, unlike the process's own
    List<String> said = out.lines().toList();
    process.waitFor();
    return said;
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly().waitFor();
  }
}
