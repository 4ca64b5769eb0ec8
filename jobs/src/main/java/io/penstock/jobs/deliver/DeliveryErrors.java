package io.penstock.jobs.deliver;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.IOException;
import java.util.Optional;

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

  static PenstockException targetExists(String address, String mode) {
    return PenstockException.of(
        ErrorCode.DELIVERY_TARGET_EXISTS,
        address + " exists",
        "mode = " + mode + " replaces nothing",
        "remove it, change prefix or file-name, or set mode = overwrite");
  }

  static PenstockException failed(String step, String destination, IOException cause) {
    return PenstockException.of(
        ErrorCode.DELIVERY_FAILED,
        "cannot " + step + " for destination " + destination,
        String.valueOf(cause.getMessage()),
        "check bucket, prefix, endpoint, credentials and permissions of the destination, then run"
            + " again");
  }

  /** What a task of ours threw, without the layers that Spark puts around it. */
  static Optional<PenstockException> own(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof PenstockException ours) {
        return Optional.of(
            PenstockException.of(ours.code(), ours.problem(), ours.reason(), ours.remedy()));
      }
    }
    return Optional.empty();
  }
}
