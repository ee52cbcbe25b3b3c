package dev.assent.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests for a host that we are not: a foreign name that was made to point at this
 * machine is how a web page reaches a loopback server (DNS rebinding).
 */
final class HostFilter extends OncePerRequestFilter {
  private final WebSettings settings;

  HostFilter(WebSettings settings) {
    this.settings = settings;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (settings.knowsHost(request.getServerName())) {
      chain.doFilter(request, response);
      return;
    }
    Problem.of(
            421,
            "unknown-host",
            "This server does not answer for that host name",
            "Use its loopback address or a name under localhost, or start it with the public URL.")
        .writeTo(response);
  }
}
