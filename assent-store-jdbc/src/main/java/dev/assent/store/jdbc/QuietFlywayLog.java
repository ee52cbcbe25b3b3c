package dev.assent.store.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;

/** Flyway tells a dozen lines each time a store is opened; here they are for those who debug. */
public final class QuietFlywayLog implements LogCreator {
  @Override
  public Log createLogger(Class<?> owner) {
    Logger log = System.getLogger(owner.getName());
    return new Log() {
      @Override
      public void debug(String message) {
        log.log(Level.TRACE, message);
      }

      @Override
      public void info(String message) {
        log.log(Level.DEBUG, message);
      }

      @Override
      public void warn(String message) {
        log.log(Level.WARNING, message);
      }

      @Override
      public void error(String message) {
        log.log(Level.ERROR, message);
      }

      @Override
      public void error(String message, Exception cause) {
        log.log(Level.ERROR, message, cause);
      }

      @Override
      public void notice(String message) {
        log.log(Level.DEBUG, message);
      }
    };
  }
}
