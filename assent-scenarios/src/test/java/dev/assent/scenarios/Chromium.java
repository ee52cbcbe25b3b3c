package dev.assent.scenarios;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine's Chromium, driven by the machine's Node.js. Nothing is downloaded. */
final class Chromium implements AutoCloseable {
  static final int PATIENCE_MILLIS = 30_000;

  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final Playwright playwright;
  private final Browser browser;

  Chromium() {
    Path node =
        onPath("node").orElseThrow(() -> missing("Node.js", "install it, so that `node` runs"));
    Path program =
        program()
            .orElseThrow(() -> missing("Chromium", "install it, or name the program in CHROMIUM"));
    playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_NODEJS_PATH",
                        node.toString(),
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1")));
    // A profile folder of its own is Playwright's doing: launch() makes one and removes it.
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program)
                    .setHeadless(true)
                    .setArgs(FLAGS));
  }

  /** A fresh session: no cookies, nothing remembered. */
  Visitor visitor(String url) {
    return new Visitor(browser, url);
  }

  private static Optional<Path> program() {
    String named = System.getenv("CHROMIUM");
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable);
    }
    return Optional.of(Path.of("/usr/bin/chromium"))
        .filter(Files::isExecutable)
        .or(() -> onPath("chromium"));
  }

  private static Optional<Path> onPath(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static AssertionError missing(String what, String todo) {
    return new AssertionError(
        "The tests of the page need " + what + ", and this machine has none: " + todo + ".");
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
