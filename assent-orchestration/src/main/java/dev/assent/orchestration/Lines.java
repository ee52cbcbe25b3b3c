package dev.assent.orchestration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Where lines are typed. Used by one thread at a time. */
public interface Lines {
  /** The next line, without its end, waiting for it; empty when nobody types any more. */
  Optional<String> next();

  /** True when what is typed stands where the conversation is printed, as at a terminal. */
  default boolean shown() {
    return false;
  }

  /** These lines, one after the other. */
  static Lines of(String... lines) {
    Iterator<String> left = List.of(lines).iterator();
    return () -> left.hasNext() ? Optional.of(left.next()) : Optional.empty();
  }

  /** What is typed at a terminal, which shows it. */
  static Lines typed(BufferedReader terminal) {
    return new Lines() {
      @Override
      public Optional<String> next() {
        try {
          return Optional.ofNullable(terminal.readLine());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public boolean shown() {
        return true;
      }
    };
  }
}
