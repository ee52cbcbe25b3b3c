package dev.assent.examples.finance;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server as a process of its own, from the same program as this one, so that it can be killed.
 * What it prints goes to {@code server.log} in its folder. For one thread, except its reader.
 */
final class ServerChild implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("^ready on (\\S+)$");
  private static final Pattern PASSWORD = Pattern.compile("^\\s*password\\s+(\\S+)$");

  private final Path folder;
  private final Path log;
  private final Process process;
  private final Thread hook;
  private final Thread reader;
  private volatile @Nullable URI address;
  private volatile @Nullable String password;

  private ServerChild(Path folder, Process process) {
    this.folder = folder;
    this.log = folder.resolve("server.log");
    this.process = process;
    this.hook = new Thread(process::destroyForcibly);
    this.reader = Thread.ofPlatform().daemon().name("server-output").unstarted(this::read);
  }

  /** Starts it and waits until it can be reached. */
  static ServerChild start(Path folder) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command(folder)).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("OPENAI_"));
    ServerChild child = new ServerChild(folder, builder.start());
    Runtime.getRuntime().addShutdownHook(child.hook);
    child.reader.start();
    Steps.await("the server starts", () -> child.address != null || !child.process.isAlive());
    if (child.address == null) {
      child.close();
      throw new IllegalStateException("the server did not start:\n" + child.lastLines());
    }
    return child;
  }

  private static List<String> command(Path folder) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dfile.encoding=UTF-8"));
    if (Files.exists(folder.resolve("assent.db"))) {
      // Nobody logs in after a restart, and nothing else is worth the second compiler.
      command.add("-XX:TieredStopAtLevel=1");
    }
    String classPath = System.getProperty("java.class.path");
    boolean packaged = classPath.endsWith("-exec.jar") && !classPath.contains(File.pathSeparator);
    command.addAll(
        packaged
            ? List.of("-jar", classPath)
            : List.of("-cp", classPath, FinanceCompliance.class.getName()));
    command.addAll(List.of("--serve", "--port", "0", "--data", folder.toString()));
    return command;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Matcher said = PASSWORD.matcher(line);
        if (said.find()) {
          password = said.group(1);
        }
        Matcher here = ADDRESS.matcher(line);
        if (here.find()) {
          address = URI.create(here.group(1));
        }
      }
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private String lastLines() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  URI address() {
    URI known = address;
    if (known == null) {
      throw new IllegalStateException("the server has no address yet");
    }
    return known;
  }

  /** The password that was printed; only the first start of a folder prints one. */
  Optional<String> oneTimePassword() {
    return Optional.ofNullable(password);
  }

  /** Kills it at once, as kill -9 does; its exit code. */
  int kill() throws InterruptedException {
    process.destroyForcibly();
    int code = process.waitFor();
    forget();
    return code;
  }

  /** Ends it as Ctrl-C does. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    forget();
  }

  private void forget() throws InterruptedException {
    reader.join();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // We are ending ourselves; the hook has nothing left to end.
    }
  }

  @Override
  public String toString() {
    return "server in " + folder;
  }
}
