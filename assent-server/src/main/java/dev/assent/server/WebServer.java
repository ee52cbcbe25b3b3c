package dev.assent.server;

import dev.assent.core.AssentException;
import dev.assent.core.spi.AccountStore;
import dev.assent.runtime.Assent;
import dev.assent.web.AssentPageConfiguration;
import dev.assent.web.WebSettings;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.web.context.support.StandardServletEnvironment;

/** Spring Boot around the API and the page. Stateless. */
final class WebServer {
  private WebServer() {}

  /** Everything that the web side needs besides what is handed in. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
  @Import(AssentPageConfiguration.class)
  static class ServerConfiguration {}

  static ConfigurableApplicationContext start(
      ServerOptions options, Assent assent, AccountStore accounts, @Nullable PolicyWatch watch) {
    SpringApplication application = new SpringApplication(ServerConfiguration.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false);
    application.setAddCommandLineProperties(false);
    application.setEnvironment(environment(options));
    application.addInitializers(
        context -> {
          context.getBeanFactory().registerSingleton("assent", assent);
          context.getBeanFactory().registerSingleton("assentAccounts", accounts);
          context.getBeanFactory().registerSingleton("assentServerSettings", settings(options));
          if (watch != null) {
            context.getBeanFactory().registerSingleton("assentPolicy", watch.live());
            watch
                .shadow()
                .ifPresent(
                    shadow -> context.getBeanFactory().registerSingleton("assentShadow", shadow));
          }
        });
    try {
      return application.run();
    } catch (RuntimeException e) {
      throw explained(e, options);
    }
  }

  /** Ours come first: nothing in the real environment may open the server to the network. */
  private static ConfigurableEnvironment environment(ServerOptions options) {
    ConfigurableEnvironment environment = new StandardServletEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("assent", properties(options)));
    return environment;
  }

  static int port(ConfigurableApplicationContext context) {
    return Objects.requireNonNull(
            ((ServletWebServerApplicationContext) context).getWebServer(), "it was started")
        .getPort();
  }

  private static WebSettings settings(ServerOptions options) {
    return new WebSettings(options.publicUrl(), WebSettings.local().sessionLength());
  }

  private static Map<String, Object> properties(ServerOptions options) {
    return Map.ofEntries(
        Map.entry("server.address", options.address()),
        Map.entry("server.port", options.port()),
        Map.entry("server.shutdown", "graceful"),
        Map.entry("server.servlet.context-path", ""),
        Map.entry("server.forward-headers-strategy", "none"),
        Map.entry("server.tomcat.max-http-form-post-size", "64KB"),
        Map.entry("spring.lifecycle.timeout-per-shutdown-phase", "10s"),
        Map.entry("spring.threads.virtual.enabled", "true"),
        Map.entry("spring.servlet.multipart.enabled", "false"),
        Map.entry("spring.main.web-application-type", "servlet"),
        Map.entry("spring.web.resources.add-mappings", "true"),
        Map.entry("spring.jmx.enabled", "false"),
        // A start that fails is explained by us, without a stack trace.
        Map.entry("logging.level.org.springframework.boot.SpringApplication", "OFF"),
        Map.entry("logging.level.org.springframework.boot.diagnostics", "OFF"),
        Map.entry("logging.level.org.springframework.boot.web.server.servlet.context", "OFF"),
        Map.entry("logging.level.org.apache.catalina", "OFF"),
        Map.entry("logging.level.org.apache.coyote", "OFF"));
  }

  private static RuntimeException explained(RuntimeException failure, ServerOptions options) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PortInUseException) {
        return new AssentException(
            "port-in-use",
            "Port "
                + options.port()
                + " is taken. Stop what listens there, or choose another by --port (0 takes any"
                + " free one).",
            failure);
      }
    }
    return failure;
  }
}
