package io.penstock.jobs.map;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import org.apache.spark.unsafe.types.UTF8String;

/** Ends the run at a value that does not fit; called from generated code. */
public final class Refusals {
  private Refusals() {}

  /**
   * Never returns.
   *
   * @throws PenstockException SOURCE_BAD_VALUE, without the value
   */
  public static UTF8String refuse(UTF8String column, UTF8String reason) {
    throw PenstockException.of(
        ErrorCode.SOURCE_BAD_VALUE,
        "a value of column " + column + " does not fit the template",
        reason.toString(),
        "correct the source or the type of the entry, or set template.on-bad-value to reject"
            + " (or to null, where the column is nullable)");
  }
}
