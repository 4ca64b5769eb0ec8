package io.penstock.jobs.read.redshift;

import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.SourceColumn;
import io.penstock.jobs.redshift.Connector;
import java.util.List;
import java.util.Optional;

/** Which reader reads a source. */
final class ReaderChoice {
  /** Rows of less come over one connection before UNLOAD has written its first file. */
  static final long SMALL_BYTES = 64L << 20;

  private ReaderChoice() {}

  /**
   * {@code CONNECTOR}, {@code UNLOAD} or {@code JDBC}. {@code auto} takes JDBC where there is no
   * staging, or where the estimate is small, and UNLOAD otherwise. It never takes the connector:
   * that sends the same UNLOAD, counts nothing, cuts timestamps to milliseconds and leaves its
   * files.
   *
   * @param estimate empty: not known, and not small
   * @throws PenstockException {@code SOURCE_UNREADABLE} where the connector is asked for and is not
   *     there, or cannot read a column
   */
  static Reader of(
      String source,
      RedshiftSource redshift,
      List<SourceColumn> columns,
      Optional<Estimate> estimate) {
    if (redshift.reader() == Reader.CONNECTOR) {
      requireConnector(source, columns);
    }
    if (redshift.reader() != Reader.AUTO) {
      return redshift.reader();
    }
    boolean small = estimate.filter(all -> all.bytes() < SMALL_BYTES).isPresent();
    return redshift.staging().isEmpty() || small ? Reader.JDBC : Reader.UNLOAD;
  }

  private static void requireConnector(String source, List<SourceColumn> columns) {
    if (!Connector.isPresent()) {
      throw refused(
          source,
          "the spark-redshift connector is not on the class path",
          "Submit with --packages "
              + Connector.COORDINATES
              + ", run on EMR 6.10 or later, or write reader = unload");
    }
    for (SourceColumn column : columns) {
      if (column.time() || column.type().kind() == Kind.VARBYTE) {
        throw refused(
            source,
            "it cannot read column "
                + column.name()
                + (column.time() ? ", a time of day" : " of type " + column.type()),
            "Write reader = unload or jdbc, or a query without the column");
      }
    }
  }

  private static PenstockException refused(String source, String reason, String remedy) {
    return PenstockException.of(
        ErrorCode.SOURCE_UNREADABLE, "The connector cannot read source " + source, reason, remedy);
  }
}
