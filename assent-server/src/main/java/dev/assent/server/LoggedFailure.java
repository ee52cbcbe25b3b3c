package dev.assent.server;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import dev.assent.core.Redaction;

/** A failure in the log, without what looks like a secret. Thread-safe; named in logback.xml. */
public final class LoggedFailure extends ThrowableProxyConverter {
  /** Made by the log itself. */
  public LoggedFailure() {}

  @Override
  protected String throwableProxyToString(IThrowableProxy failure) {
    return Redaction.SHAPES.text(super.throwableProxyToString(failure)).masked();
  }
}
