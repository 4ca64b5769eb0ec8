package io.penstock.jobs.read.redshift;

import io.penstock.common.schema.SourceColumn;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructType;

/** Learns which columns are needed, and whether a few rows are enough. */
final class SourceScanBuilder implements SupportsPushDownRequiredColumns, SupportsPushDownLimit {
  /** More rows than that are not looked at, but read. */
  private static final int A_FEW = 10_000;

  private final OpenSource source;
  private List<SourceColumn> columns;
  private int limit = SourceScan.UNLIMITED;

  SourceScanBuilder(OpenSource source) {
    this.source = source;
    this.columns = source.columns();
  }

  @Override
  public void pruneColumns(StructType required) {
    List<String> names = Arrays.asList(required.fieldNames());
    columns =
        names.stream()
            .map(
                name ->
                    source.columns().stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst()
                        .orElseThrow())
            .toList();
  }

  @Override
  public boolean pushLimit(int rows) {
    if (rows > A_FEW) {
      return false;
    }
    limit = rows;
    return true;
  }

  @Override
  public Scan build() {
    SourceScan scan = new SourceScan(source, columns, limit);
    source.plan(scan.statements());
    return scan;
  }
}
