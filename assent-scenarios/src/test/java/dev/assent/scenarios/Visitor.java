package dev.assent.scenarios;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A person before the page. Notes what the browser complains about and where it connects to; {@link
 * #close} fails on any of it. Not thread-safe.
 */
final class Visitor implements AutoCloseable {
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final Path AXE = Path.of("../assent-ui/page/node_modules/axe-core/axe.min.js");
  private static final String EVENTS = "/api/v1/events";
  private static final int HEIGHT = 820;
  private static final int PHONE = 360;
  private static final int DESK = 1280;

  /** What axe finds, as "rule: where". */
  private static final String FINDINGS =
      """
      async () => {
        const runOnly =
          ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        const { violations } = await axe.run(document, { runOnly });
        return violations.flatMap((violation) =>
          violation.nodes.map((node) => `${violation.id}: ${node.target} ${node.failureSummary}`));
      }
      """;

  /** Waits until the colours have faded over into the other scheme. */
  private static final String FADED =
      """
      () => Promise.allSettled(document.getAnimations()
        .filter((each) => each instanceof CSSTransition).map((each) => each.finished))
      """;

  final Page page;
  private final BrowserContext context;
  private final String url;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private int requests;
  private boolean refusals;
  private boolean deaf;

  Visitor(Browser browser, String url) {
    this.url = url;
    context = browser.newContext(new Browser.NewContextOptions().setViewportSize(DESK, HEIGHT));
    context.setDefaultTimeout(Chromium.PATIENCE_MILLIS);
    context.setDefaultNavigationTimeout(Chromium.PATIENCE_MILLIS);
    context.addInitScript(
        "document.addEventListener('securitypolicyviolation', (event) => console.error("
            + "`policy: ${event.violatedDirective} ${event.blockedURI}`))");
    context.onConsoleMessage(this::hear);
    context.onWebError(error -> complaints.add(error.error()));
    context.onRequest(
        request -> {
          requests++;
          if (!request.url().startsWith(url + "/")) {
            complaints.add("foreign request " + request.url());
          }
        });
    page = context.newPage();
  }

  /** That nobody is logged in yet is told by a 401, which the browser calls an error. */
  private void hear(ConsoleMessage message) {
    boolean notLoggedIn =
        message.text().startsWith("Failed to load resource")
            && message.text().contains("401")
            && message.location().startsWith(url + "/api/v1/me");
    boolean refused =
        refusals
                && message.text().matches(".*status of (409|422).*")
                && message.location().contains("/resolution")
            || deaf && message.location().contains(EVENTS);
    if (message.type().equals("error") && !notLoggedIn && !refused
        || message.text().contains("Policy")) {
      complaints.add(message.text() + " at " + message.location());
    }
  }

  Locator see(String testId) {
    return page.getByTestId(testId);
  }

  void open(String path) {
    page.navigate(url + path);
  }

  void logIn(String name, String password) {
    open("/");
    see("login-name").fill(name);
    see("login-password").fill(password);
    see("login").click();
  }

  /** Waits until what happens is told to the page by itself. */
  void listens() {
    assertThat(see("connection")).hasAttribute("data-state", "on");
  }

  /** What happens is not told to the page: its stream of events does not come through. */
  void hearsNothing() {
    deaf = true;
    page.route("**" + EVENTS, Route::abort);
  }

  /** From here on a decision may be refused, which the browser calls an error. */
  void expectsRefusals() {
    refusals = true;
  }

  /** Goes on on a phone. */
  void onAPhone() {
    page.setViewportSize(PHONE, HEIGHT);
  }

  /** Waits until a key or a click decides again. */
  void settles() {
    assertThat(see("bar")).hasAttribute("data-settled", "true");
  }

  /** A picture of each: light, dark, and narrow as a phone; none with an accessibility finding. */
  void inspect(String name) {
    inspect(name + "-light", ColorScheme.LIGHT, DESK);
    inspect(name + "-dark", ColorScheme.DARK, DESK);
    inspect(name + "-phone", ColorScheme.LIGHT, PHONE);
    page.setViewportSize(DESK, HEIGHT);
  }

  private void inspect(String name, ColorScheme scheme, int width) {
    page.setViewportSize(width, HEIGHT);
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    // A bar that is there has settled; one may also go away by itself, once a call has begun.
    assertThat(page.locator("[data-testid=bar]:not([data-settled=true])")).hasCount(0);
    page.evaluate(FADED);
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(PICTURES.resolve(name + ".png"))
            .setFullPage(width == PHONE));
    page.evaluate(axe());
    assertThat((List<?>) page.evaluate(FINDINGS)).as("axe on " + name).isEmpty();
    assertThat(page.evaluate("document.documentElement.scrollWidth"))
        .as("width of " + name)
        .isEqualTo(width);
  }

  private static String axe() {
    try {
      return Files.readString(AXE);
    } catch (IOException e) {
      throw new AssertionError(
          "axe-core is not there; build assent-ui without -DskipUi, which runs `npm ci`.", e);
    }
  }

  @Override
  public void close() {
    context.close();
    assertThat(requests).as("requests that were watched").isPositive();
    assertThat(complaints).as("what the browser complained about").isEmpty();
  }
}
