package io.penstock.jobs.app;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** What Penstock and Spark log in this JVM from here on, instead of where it went before. */
final class CaughtLog implements AutoCloseable {
  private final Set<String> loggers;
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final Lines lines = new Lines();

  /** The messages, with the stack traces of what was thrown. */
  private static final class Lines extends AbstractAppender {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    Lines() {
      super(
          "caught",
          null,
          PatternLayout.newBuilder().withPattern("%p %c{1}: %m%n%throwable").build(),
          false,
          Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      lines.add(getLayout().toSerializable(event).toString());
    }
  }

  /**
   * @param levels of loggers, by their names
   */
  CaughtLog(Map<String, Level> levels) {
    Configuration configuration = context.getConfiguration();
    loggers = levels.keySet();
    lines.start();
    levels.forEach(
        (name, level) -> {
          LoggerConfig logger = new LoggerConfig(name, level, false);
          logger.addAppender(lines, level, null);
          configuration.addLogger(name, logger);
        });
    context.updateLoggers();
  }

  String text() {
    return String.join("", lines.lines);
  }

  @Override
  public void close() {
    loggers.forEach(context.getConfiguration()::removeLogger);
    context.updateLoggers();
    lines.stop();
  }
}
