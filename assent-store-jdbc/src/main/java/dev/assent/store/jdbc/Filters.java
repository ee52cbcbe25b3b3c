package dev.assent.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a query whose filters may be absent. Values are only ever bound. */
final class Filters {
  private final StringBuilder sql;
  private final List<Object> parameters = new ArrayList<>();

  Filters(String condition, Object parameter) {
    sql = new StringBuilder(condition);
    parameters.add(parameter);
  }

  /** One more condition, unless its value is absent. */
  void and(String condition, @Nullable String parameter) {
    if (parameter != null) {
      and(condition, new Object[] {parameter});
    }
  }

  /** One more condition. */
  void and(String condition, Object... bound) {
    sql.append(" AND ").append(condition);
    parameters.addAll(List.of(bound));
  }

  String sql() {
    return sql.toString();
  }

  Object[] parameters() {
    return parameters.toArray();
  }

  Object[] parametersAnd(Object... last) {
    List<Object> all = new ArrayList<>(parameters);
    all.addAll(List.of(last));
    return all.toArray();
  }
}
