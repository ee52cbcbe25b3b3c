package dev.assent.server;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.assent.core.Redaction;

/** What the log says, without what looks like a secret. Thread-safe; named in logback.xml. */
public final class LoggedMessage extends MessageConverter {
  /** Made by the log itself. */
  public LoggedMessage() {}

  @Override
  public String convert(ILoggingEvent event) {
    return Redaction.SHAPES.text(super.convert(event)).masked();
  }
}
