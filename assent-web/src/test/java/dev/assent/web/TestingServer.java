package dev.assent.web;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.spi.AccountStore;
import dev.assent.core.spi.AccountStore.Account;
import dev.assent.policy.LivePolicy;
import dev.assent.policy.ShadowPolicy;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder.SecretKeyFactoryAlgorithm;

/** A real server on a random port over an in-memory store, with the people of the tests. */
final class TestingServer implements AutoCloseable {
  static final String PASSWORD = "correct horse battery";

  private volatile Duration ahead = Duration.ZERO;
  final InMemoryStore store = new InMemoryStore(() -> Instant.now().plus(ahead));
  final TestingModel model = new TestingModel();
  final TestingTools tools = new TestingTools();
  final WaitingTools waiting = new WaitingTools();
  final Passwords passwords =
      new Passwords(
          new Pbkdf2PasswordEncoder("", 16, 10, SecretKeyFactoryAlgorithm.PBKDF2WithHmacSHA256));
  final Assent assent;
  final ConfigurableApplicationContext context;
  final int port;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
  @Import(AssentPageConfiguration.class)
  static class TestingConfiguration {}

  TestingServer() {
    this(null, null);
  }

  TestingServer(@Nullable LivePolicy policy, @Nullable ShadowPolicy shadow) {
    add("ada", "finance", "approver", "auditor");
    add("grace", "finance");
    add("alan");
    add("robot", "finance", AccountDirectory.SERVICE);
    AccountDirectory directory = new AccountDirectory(store, "main");
    Agent bot =
        Agent.named("bot")
            .description("A bot for tests")
            .model(model)
            .tools(tools)
            .tools(waiting.all())
            .build();
    assent =
        Assent.on(store)
            .answeredFromOutside()
            .directory(directory)
            .profile(directory::profile)
            .register(
                bot,
                Agent.named("writer")
                    .description("Its answers are looked at")
                    .model(model)
                    .reviewed(1, ApprovalTerms.simple("answers"))
                    .build(),
                Agent.named("boss").model(model).subAgents(bot).build())
            .pollEvery(Duration.ofMillis(50))
            .start();
    SpringApplication application = new SpringApplication(TestingConfiguration.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false);
    application.addInitializers(
        started -> {
          started
              .getEnvironment()
              .getPropertySources()
              .addFirst(
                  new MapPropertySource(
                      "testing",
                      Map.of(
                          "server.address", "127.0.0.1",
                          "server.port", "0",
                          "spring.threads.virtual.enabled", "true",
                          "logging.level.root", "WARN")));
          started.getBeanFactory().registerSingleton("assent", assent);
          started.getBeanFactory().registerSingleton("accounts", store);
          started.getBeanFactory().registerSingleton("passwords", passwords);
          if (policy != null && shadow != null) {
            started.getBeanFactory().registerSingleton("policy", policy);
            started.getBeanFactory().registerSingleton("shadow", shadow);
          }
        });
    context = application.run();
    port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
  }

  void add(String name, String... roles) {
    accounts()
        .create(
            "main",
            new Account(
                "id-" + name, name, name, Set.of(roles), passwords.hash(PASSWORD), false, false));
  }

  /** So much time passes for the store; whoever waits for nothing does not notice. */
  void later(Duration time) {
    ahead = ahead.plus(time);
  }

  AccountStore accounts() {
    return store;
  }

  Browser browser() {
    return new Browser(port);
  }

  /** A browser in which this person is logged in. */
  Browser as(String name) {
    Browser browser = browser();
    browser.post("/login", Map.of("name", name, "password", PASSWORD)).mustBe(200);
    return browser;
  }

  @Override
  public void close() {
    context.close();
    assent.close();
    store.close();
  }
}
