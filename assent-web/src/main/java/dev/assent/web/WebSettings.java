package dev.assent.web;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an application may say about its web side. Immutable; a bean of it replaces the defaults.
 *
 * @param publicUrl how people reach the server through a proxy; absent when only from this machine
 * @param sessionLength how long a login lasts
 * @param reportsForAll true when everybody who is logged in may read reports and the audit log;
 *     otherwise, once there is more than one person, only the roles {@code auditor} and {@code
 *     admin}
 */
public record WebSettings(@Nullable URI publicUrl, Duration sessionLength, boolean reportsForAll) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "[::1]", "::1");

  /** Names that every browser takes for this machine, whatever name servers say (RFC 6761). */
  private static final Pattern UNDER_LOCALHOST =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.){1,4}localhost");

  private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  /**
   * @throws IllegalArgumentException when the URL has no host, or is neither http nor https
   */
  public WebSettings {
    if (publicUrl != null
        && (publicUrl.getHost() == null
            || !Set.of("http", "https").contains(String.valueOf(publicUrl.getScheme())))) {
      throw new IllegalArgumentException(
          "the public URL must look like https://assent.example.org, not " + publicUrl);
    }
  }

  /** Reports for the roles that are meant to read them. */
  public WebSettings(@Nullable URI publicUrl, Duration sessionLength) {
    this(publicUrl, sessionLength, false);
  }

  /** This machine only; a login lasts twelve hours. */
  public static WebSettings local() {
    return new WebSettings(null, Duration.ofHours(12));
  }

  /** True when this name may stand in a Host header: loopback, or the public one. */
  boolean knowsHost(String name) {
    String host = name.toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(host)
        || UNDER_LOCALHOST.matcher(host).matches()
        || LOOPBACK_V4.matcher(host).matches()
        || (publicUrl != null && host.equalsIgnoreCase(publicUrl.getHost()));
  }

  /** True when cookies are for HTTPS only. */
  boolean secureCookies() {
    return publicUrl != null && "https".equals(publicUrl.getScheme());
  }

  /** True when a page of this origin may talk to us through the public URL. */
  boolean isPublicOrigin(String origin) {
    return publicUrl != null
        && origin.equalsIgnoreCase(
            publicUrl.getScheme()
                + "://"
                + publicUrl.getHost()
                + (publicUrl.getPort() < 0 ? "" : ":" + publicUrl.getPort()));
  }
}
