package dev.assent.console;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of this process, by JLine. There is one; it is opened when first asked for, and read
 * only while a question is on it: no thread waits for keys in between.
 */
final class SystemTty implements Tty {
  private static final SystemTty SHARED = new SystemTty();
  private static final int USUAL_COLUMNS = 80;
  private static final int USUAL_ROWS = 24;

  private final boolean dumb = isDumb(System.getenv("TERM"));
  private final boolean noColour =
      !Objects.requireNonNullElse(System.getenv("NO_COLOR"), "").isEmpty();
  private final Lock turn = new ReentrantLock(true);
  private @Nullable String whyNot;
  private @Nullable Terminal terminal;
  private @Nullable Attributes usual;

  private SystemTty() {}

  static SystemTty shared() {
    return SHARED;
  }

  private static boolean isDumb(@Nullable String type) {
    return type == null || type.isEmpty() || type.startsWith("dumb");
  }

  /**
   * {@inheritDoc}
   *
   * <p>JLine opens a terminal when either end is one, so both are looked at here.
   */
  @Override
  public synchronized String whyNot() {
    if (whyNot == null) {
      whyNot = look();
    }
    return whyNot;
  }

  private static String look() {
    List<TerminalProvider> providers;
    try {
      providers =
          TerminalBuilder.builder().dumb(false).getProviders(null, new IllegalStateException());
    } catch (IllegalStateException e) {
      return "this system's terminals are not supported";
    }
    TerminalProvider provider =
        providers.stream().filter(each -> !each.name().equals("dumb")).findFirst().orElse(null);
    if (provider == null) {
      return "this system's terminals are not supported";
    }
    boolean input = provider.isSystemStream(SystemStream.Input);
    boolean output = provider.isSystemStream(SystemStream.Output);
    if (!input || !output) {
      return input
          ? "standard output is not a terminal"
          : output
              ? "standard input is not a terminal"
              : "standard input and output are not a terminal";
    }
    // Without names (Windows, some containers) there is but one console.
    return Objects.equals(
            provider.systemStreamName(SystemStream.Input),
            provider.systemStreamName(SystemStream.Output))
        ? ""
        : "standard input and output are not known to be the same terminal";
  }

  @Override
  public Lock turn() {
    return turn;
  }

  private synchronized Terminal terminal() {
    Terminal open = terminal;
    if (open == null) {
      try {
        // JLine does not switch a terminal of type dumb to single keys; ansi is asked of nothing.
        TerminalBuilder builder =
            TerminalBuilder.builder()
                .system(true)
                .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                .dumb(false);
        open = (dumb ? builder.type("ansi") : builder).build();
        terminal = open;
      } catch (IOException e) {
        throw new UncheckedIOException("the terminal cannot be opened", e);
      }
    }
    return open;
  }

  @Override
  public Raw raw() {
    Terminal open = terminal();
    Attributes before = open.enterRawMode();
    usual = before;
    return () -> open.setAttributes(before);
  }

  @Override
  public boolean hasEditor() {
    return !editor().isEmpty();
  }

  private static List<String> editor() {
    return Stream.of("VISUAL", "EDITOR")
        .map(System::getenv)
        .filter(command -> command != null && !command.isBlank())
        .findFirst()
        .map(command -> List.of(command.strip().split("\\s+")))
        .orElse(List.of());
  }

  @Override
  public boolean edit(Path file) throws IOException {
    List<String> command = new ArrayList<>(editor());
    command.add(file.toString());
    Terminal open = terminal();
    Attributes ours = open.getAttributes();
    if (usual != null) {
      open.setAttributes(usual);
    }
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      open.setAttributes(ours);
    }
  }

  @Override
  public int read(Duration wait) {
    try {
      int first = terminal().reader().read(Math.max(1, wait.toMillis()));
      if (first < 0 || !Character.isHighSurrogate((char) first)) {
        return first;
      }
      int second = terminal().reader().read(Math.max(1, wait.toMillis()));
      return second >= 0 && Character.isLowSurrogate((char) second)
          ? Character.toCodePoint((char) first, (char) second)
          : first;
    } catch (InterruptedIOException e) {
      Thread.currentThread().interrupt();
      return CLOSED;
    } catch (IOException e) {
      // The terminal was hung up: nobody is there to decide.
      return CLOSED;
    }
  }

  @Override
  public void write(String text) {
    terminal().writer().write(text);
    terminal().writer().flush();
  }

  @Override
  public int columns() {
    int columns = terminal().getWidth();
    return columns > 0 ? columns : USUAL_COLUMNS;
  }

  @Override
  public int rows() {
    int rows = terminal().getHeight();
    return rows > 0 ? rows : USUAL_ROWS;
  }

  @Override
  public boolean colour() {
    return !dumb && !noColour;
  }

  @Override
  public boolean ascii() {
    Charset charset = terminal().outputEncoding();
    return !charset.equals(StandardCharsets.UTF_8);
  }

  @Override
  public boolean wipes() {
    return !dumb;
  }
}
