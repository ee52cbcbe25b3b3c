package dev.assent.web;

import jakarta.servlet.http.HttpServletRequest;

/** Where the API lives. Stateless. */
final class ApiPaths {
  /** Before every path of this version. */
  static final String V1 = "/api/v1";

  /** All that the security chain of the API covers, also versions to come. */
  static final String ALL = "/api/**";

  private ApiPaths() {}

  static boolean covers(HttpServletRequest request) {
    return inside(request).startsWith("/api/") || inside(request).equals("/api");
  }

  /** The path as the application sees it, without where it is mounted. */
  static String inside(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }
}
