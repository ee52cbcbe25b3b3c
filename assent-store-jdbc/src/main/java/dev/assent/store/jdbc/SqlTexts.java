package dev.assent.store.jdbc;

import dev.assent.core.AssentException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** SQL with the tables' names as the user wants them. Immutable. */
final class SqlTexts {
  private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,30}|");
  private static final Pattern TABLE = Pattern.compile("\\{([a-z_]+)}");

  private final String prefix;
  private final Map<Sql, String> texts = new EnumMap<>(Sql.class);

  SqlTexts(String prefix) {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new AssentException(
          "invalid-table-prefix",
          "A table prefix has up to 31 of a-z, 0-9 and _ and begins with a letter.",
          null);
    }
    this.prefix = prefix;
    for (Sql sql : Sql.values()) {
      texts.put(sql, named(sql.template()));
    }
  }

  String prefix() {
    return prefix;
  }

  String of(Sql sql) {
    return Objects.requireNonNull(texts.get(sql));
  }

  /** The text with {@code {table}} replaced by the tables' names. */
  String named(String template) {
    return TABLE.matcher(template).replaceAll(found -> prefix + found.group(1));
  }
}
