package io.penstock.jobs.read;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkUpgradeException;

/**
 * What a failed Spark action means to a user. Spark wraps what an executor threw several times and
 * quotes row values in its messages; here the meaning is kept and the values are left out.
 */
public final class SparkFailures {

  /** Our own exception as the text of a stage failure carries it. */
  private static final Pattern OWN =
      Pattern.compile(
          "PenstockException: ([A-Z_]+): (.*?)\\. Cause: (.*?)\\. Remedy: (.*?)\\.(?:\\R|$)");

  /** How Spark's error classes of expressions that fail on a value begin. */
  private static final List<String> OF_VALUES =
      List.of(
          "CAST_",
          "CANNOT_PARSE_",
          "DIVIDE_BY_ZERO",
          "ARITHMETIC_OVERFLOW",
          "BINARY_ARITHMETIC_OVERFLOW",
          "DATETIME_OVERFLOW",
          "NUMERIC_",
          "INVALID_ARRAY_INDEX",
          "INVALID_FORMAT",
          "INVALID_FRACTION_OF_SECOND",
          "MAP_KEY_DOES_NOT_EXIST",
          "DUPLICATED_MAP_KEY",
          "NULL_MAP_KEY",
          "SCALAR_SUBQUERY_TOO_MANY_ROWS",
          "USER_RAISED_EXCEPTION");

  private SparkFailures() {}

  /**
   * Translates what an action threw.
   *
   * @param doing what failed, as in "writing the files of exports"
   */
  public static PenstockException translate(Throwable failure, String doing) {
    Optional<PenstockException> own = own(failure);
    if (own.isPresent()) {
      return own.get();
    }
    Exception redacted = RedactedFailure.of(failure);
    String kind =
        Causes.errorClass(failure)
            .map(errorClass -> "Spark reports " + errorClass)
            .orElse("it failed with " + Causes.root(failure).getClass().getSimpleName());
    if (isOfValues(failure)) {
      return PenstockException.of(
          ErrorCode.SOURCE_BAD_VALUE,
          "an expression of the query or the template fails on a row while " + doing,
          kind,
          "use try_cast, try_divide and the like, or give the column a type in the template and"
              + " set on-bad-value",
          redacted);
    }
    if (isOfSources(failure)) {
      return PenstockException.of(
          ErrorCode.SOURCE_UNREADABLE,
          "a source cannot be read while " + doing,
          kind,
          remedyOfSources(failure),
          redacted);
    }
    return PenstockException.of(
        ErrorCode.UNEXPECTED,
        "Spark failed while " + doing,
        kind,
        "see the log of the run; the stack there leads to the place",
        redacted);
  }

  /** The exception of ours that an executor or a wrapped call threw. */
  private static Optional<PenstockException> own(Throwable failure) {
    Optional<PenstockException> thrown = Causes.first(failure, PenstockException.class);
    if (thrown.isPresent()) {
      return thrown;
    }
    Matcher text = OWN.matcher(Causes.text(failure));
    if (!text.find()) {
      return Optional.empty();
    }
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(text.group(1))) {
        return Optional.of(PenstockException.of(code, text.group(2), text.group(3), text.group(4)));
      }
    }
    return Optional.empty();
  }

  private static boolean isOfValues(Throwable failure) {
    if (Causes.first(failure, ArithmeticException.class).isPresent()
        || Causes.first(failure, DateTimeException.class).isPresent()
        || Causes.first(failure, NumberFormatException.class).isPresent()) {
      return true;
    }
    return Causes.errorClass(failure)
        .filter(errorClass -> OF_VALUES.stream().anyMatch(errorClass::startsWith))
        .isPresent();
  }

  private static boolean isOfSources(Throwable failure) {
    return Causes.isMissingFile(failure)
        || Causes.isAccessDenied(failure)
        || Causes.isUnreadableFile(failure)
        || Causes.first(failure, SparkUpgradeException.class).isPresent();
  }

  private static String remedyOfSources(Throwable failure) {
    if (Causes.isMissingFile(failure)) {
      return "a file went away after the run began; run again when nothing rewrites the source";
    }
    if (Causes.isAccessDenied(failure)) {
      return "allow the job to read every file of its sources";
    }
    if (Causes.first(failure, SparkUpgradeException.class).isPresent()) {
      return "the files hold dates of the Julian calendar; set"
          + " spark.sql.parquet.datetimeRebaseModeInRead in spark";
    }
    return "check the format of the source, and write the damaged file again";
  }
}
