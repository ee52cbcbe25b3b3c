package dev.assent.web;

import java.util.Set;
import java.util.TreeSet;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What the server really maps. */
final class Operations {
  private Operations() {}

  record Operation(String path, String method) implements Comparable<Operation> {
    @Override
    public int compareTo(Operation other) {
      return toString().compareTo(other.toString());
    }
  }

  static Set<Operation> mapped(ApplicationContext context) {
    Set<Operation> operations = new TreeSet<>();
    context
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .keySet()
        .forEach(info -> add(info, operations));
    return operations;
  }

  private static void add(RequestMappingInfo info, Set<Operation> operations) {
    for (String path : info.getPatternValues()) {
      if (path.startsWith("/api/")) {
        info.getMethodsCondition()
            .getMethods()
            .forEach(method -> operations.add(new Operation(path, method.name())));
      }
    }
  }
}
