package dev.assent.web;

import dev.assent.core.spi.AccountStore;
import dev.assent.policy.LivePolicy;
import dev.assent.policy.ShadowPolicy;
import dev.assent.runtime.Assent;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The HTTP API and its security chain, which covers {@code /api/**} and nothing else. Import it
 * into an application that has an {@link Assent} and an {@link AccountStore}; a bean of {@link
 * WebSettings} replaces the defaults, one of {@link LivePolicy} (and {@link ShadowPolicy}) can be
 * looked at and tried.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@Import({
  AgentController.class,
  AuditController.class,
  ReportController.class,
  EventController.class,
  KeepingController.class,
  GrantController.class,
  MandateController.class,
  OpenApiController.class,
  PolicyController.class,
  RequirementController.class,
  RunController.class,
  SessionController.class
})
public class AssentWebConfiguration {

  /** The chain that guards the API. */
  @Bean
  @Order(1)
  SecurityFilterChain assentApiChain(
      HttpSecurity http,
      Logins logins,
      WebSettings settings,
      CookieCsrfTokenRepository csrfTokens) {
    return http.securityMatcher(ApiPaths.ALL)
        .headers(SecurityHeaders::write)
        .addFilterAfter(new HostFilter(settings), HeaderWriterFilter.class)
        .addFilterAfter(new OriginFilter(settings), HostFilter.class)
        .csrf(csrf -> csrf.spa().csrfTokenRepository(csrfTokens))
        .addFilterBefore(new SessionFilter(logins), AnonymousAuthenticationFilter.class)
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(cache -> cache.disable())
        .logout(logout -> logout.disable())
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, ApiPaths.V1 + "/openapi.json")
                    .permitAll()
                    .requestMatchers(HttpMethod.POST, ApiPaths.V1 + "/login")
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .exceptionHandling(
            failures ->
                failures
                    .authenticationEntryPoint(
                        (request, response, e) -> Refusals.notLoggedIn().writeTo(response))
                    .accessDeniedHandler(
                        (request, response, e) -> Refusals.denied(e).writeTo(response)))
        .build();
  }

  @Bean
  CookieCsrfTokenRepository assentCsrfTokens(WebSettings settings) {
    CookieCsrfTokenRepository tokens = CookieCsrfTokenRepository.withHttpOnlyFalse();
    tokens.setCookieCustomizer(
        cookie -> cookie.sameSite("Strict").secure(settings.secureCookies()).path("/"));
    return tokens;
  }

  @Bean
  @ConditionalOnMissingBean
  WebSettings assentWebSettings() {
    return WebSettings.local();
  }

  @Bean
  Logins assentLogins(
      Assent assent,
      AccountStore accounts,
      WebSettings settings,
      ObjectProvider<Passwords> passwords) {
    return new Logins(
        accounts,
        assent.tenant(),
        assent.store()::now,
        settings.sessionLength(),
        passwords.getIfAvailable(Passwords::new));
  }

  @Bean
  ProblemHandler assentProblems() {
    return new ProblemHandler();
  }

  @Bean
  Streams assentStreams(Logins logins) {
    return new Streams(logins);
  }

  @Bean
  WebMvcConfigurer assentWireFormat() {
    return new WebMvcConfigurer() {
      @Override
      public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.addCustomConverter(new WireFormat());
      }
    };
  }
}
