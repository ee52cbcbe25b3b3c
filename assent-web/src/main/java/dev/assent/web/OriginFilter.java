package dev.assent.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests that another site's page made, reading ones too; there is no CORS. A second wall
 * beside the CSRF token.
 */
final class OriginFilter extends OncePerRequestFilter {
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private final WebSettings settings;

  OriginFilter(WebSettings settings) {
    this.settings = settings;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String site = request.getHeader("Sec-Fetch-Site");
    if ((site == null || OWN.contains(site)) && ownOrigin(request, request.getHeader("Origin"))) {
      chain.doFilter(request, response);
      return;
    }
    Problem.of(
            403,
            "foreign-origin",
            "The request comes from another site",
            "Only this server's own page and programs without a browser may call the API.")
        .writeTo(response);
  }

  private boolean ownOrigin(HttpServletRequest request, @Nullable String origin) {
    return origin == null
        || origin.equalsIgnoreCase(request.getScheme() + "://" + request.getHeader("Host"))
        || settings.isPublicOrigin(origin);
  }
}
