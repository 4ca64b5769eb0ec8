package io.penstock.jobs.read;

import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkThrowable;
import org.jspecify.annotations.Nullable;

/** What lies behind an exception. */
final class Causes {
  private static final int DEEPEST = 50;

  private Causes() {}

  /** The failure and what caused it, outermost first. */
  static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    Throwable next = failure;
    while (next != null && chain.size() < DEEPEST && !chain.contains(next)) {
      chain.add(next);
      next = next.getCause();
    }
    return chain;
  }

  static Throwable root(Throwable failure) {
    List<Throwable> chain = chain(failure);
    return chain.get(chain.size() - 1);
  }

  static <T extends Throwable> Optional<T> first(Throwable failure, Class<T> type) {
    return chain(failure).stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  /** The innermost of Spark's stable error classes. */
  static Optional<String> errorClass(Throwable failure) {
    @Nullable String found = null;
    for (Throwable cause : chain(failure)) {
      if (cause instanceof SparkThrowable spark && spark.getErrorClass() != null) {
        found = spark.getErrorClass();
      }
    }
    return Optional.ofNullable(found);
  }

  /** Everything the chain says; to be searched, never to be shown. */
  static String text(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause : chain(failure)) {
      text.append(cause.getClass().getName()).append(": ").append(cause.getMessage()).append('\n');
      if (cause instanceof SparkThrowable spark) {
        text.append(spark.getErrorClass()).append('\n');
      }
    }
    return text.toString();
  }

  static boolean isAccessDenied(Throwable failure) {
    return first(failure, AccessDeniedException.class).isPresent()
        || first(failure, AccessControlException.class).isPresent()
        || text(failure).contains("AccessDenied");
  }

  static boolean isMissingFile(Throwable failure) {
    return first(failure, FileNotFoundException.class).isPresent();
  }

  /** Whether a reader of files found something that is not what it reads. */
  static boolean isUnreadableFile(Throwable failure) {
    String text = text(failure).toLowerCase(Locale.ROOT);
    return text.contains("not a parquet file")
        || text.contains("could not read footer")
        || text.contains("failed_read_file")
        || text.contains("cannot_read_file")
        || text.contains("parquetdecodingexception")
        || text.contains("not an avro data file")
        || text.contains("org.apache.avro.")
        || text.contains("malformed_record_in_parsing")
        || text.contains("encountered error while reading file")
        || text.contains("eofexception")
        || text.contains("checksumexception")
        || text.contains("zipexception");
  }
}
