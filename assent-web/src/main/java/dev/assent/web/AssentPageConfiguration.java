package dev.assent.web;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.CacheControl;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The inbox page at the root of a server, and every other path but the API's. For a server of its
 * own: an application that has pages imports {@link AssentWebConfiguration} alone.
 */
@Configuration(proxyBeanMethods = false)
@Import({AssentWebConfiguration.class, FailureController.class})
public class AssentPageConfiguration {
  private static final Duration FOR_EVER = Duration.ofDays(365);

  /** The page is public; it holds nothing but the way to the API. */
  @Bean
  @Order(2)
  SecurityFilterChain assentPageChain(HttpSecurity http, WebSettings settings) {
    return http.securityMatcher("/**")
        .headers(headers -> SecurityHeaders.write(headers.cacheControl(cache -> cache.disable())))
        .addFilterAfter(new HostFilter(settings), HeaderWriterFilter.class)
        .csrf(csrf -> csrf.disable())
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(cache -> cache.disable())
        .logout(logout -> logout.disable())
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  @Bean
  RouterFunction<ServerResponse> assentPage() {
    return IndexPage.routes();
  }

  /** The build names these files by their content. */
  @Bean
  WebMvcConfigurer assentPageFiles() {
    return new WebMvcConfigurer() {
      @Override
      public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry
            .addResourceHandler("/assets/**")
            .addResourceLocations("classpath:/META-INF/resources/assets/")
            .setCacheControl(CacheControl.maxAge(FOR_EVER).immutable());
        registry
            .addResourceHandler("/*.*")
            .addResourceLocations("classpath:/META-INF/resources/")
            .setCacheControl(CacheControl.noCache());
      }
    };
  }
}
