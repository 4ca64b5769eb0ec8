package io.penstock.jobs.deliver;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can go wrong in a delivery. No message holds a value of a row. */
final class DeliveryErrors {
  private DeliveryErrors() {}

  static PenstockException valueRefused(String column, String reason, String remedy) {
    return PenstockException.of(
        ErrorCode.DELIVERY_VALUE_REFUSED,
        "a value of column \"" + column + "\" cannot be written",
        reason,
        remedy);
  }

  static PenstockException typeRefused(String column, String type, String format) {
    return columnRefused(
        column,
        "its type is " + type + ", which " + format + " files have no form for",
        "cast or leave out the column in the query or the template");
  }

  static PenstockException columnRefused(String column, String reason, String remedy) {
    return PenstockException.of(
        ErrorCode.DELIVERY_VALUE_REFUSED,
        "column \"" + column + "\" cannot be written",
        reason,
        remedy);
  }

  static PenstockException keyRefused(String problem, String reason, String remedy) {
    return PenstockException.of(ErrorCode.DELIVERY_KEY_REFUSED, problem, reason, remedy);
  }

  static PenstockException targetExists(String address) {
    return PenstockException.of(
        ErrorCode.DELIVERY_TARGET_EXISTS,
        address + " exists",
        "mode = fail-if-exists delivers only where nothing was delivered before",
        "remove it, change prefix or file-name, or set mode = overwrite");
  }

  static PenstockException failed(String step, String destination, IOException cause) {
    return PenstockException.of(
        ErrorCode.DELIVERY_FAILED,
        "cannot " + step + " for destination " + destination,
        String.valueOf(cause.getMessage()),
        "check bucket, prefix, endpoint, credentials and permissions of the destination, then run"
            + " again",
        cause);
  }

  /** The failure of the Spark job, as the first thing in its causes that says what to change. */
  static PenstockException writeFailed(String destination, Throwable failure) {
    Optional<PenstockException> ours = cause(failure, PenstockException.class);
    if (ours.isPresent()) {
      return PenstockException.of(
          ours.get().code(), ours.get().problem(), ours.get().reason(), ours.get().remedy());
    }
    Optional<IOException> store = cause(failure, IOException.class);
    if (store.isPresent() && store.get().getMessage() != null) {
      return failed("write files", destination, store.get());
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    // Spark's own messages quote values, so only the kind of the failure is passed on
    return PenstockException.of(
        ErrorCode.DELIVERY_FAILED,
        "cannot write files for destination " + destination,
        "Spark failed with " + root.getClass().getName() + errorClass(root),
        "look up the failed stage in the Spark UI or the executor logs, then run again");
  }

  private static String errorClass(Throwable failure) {
    return failure instanceof org.apache.spark.SparkThrowable spark && spark.getErrorClass() != null
        ? " [" + spark.getErrorClass() + "]"
        : "";
  }

  private static <T extends Throwable> Optional<T> cause(
      @Nullable Throwable failure, Class<T> type) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return Optional.of(type.cast(at));
      }
    }
    return Optional.empty();
  }
}
