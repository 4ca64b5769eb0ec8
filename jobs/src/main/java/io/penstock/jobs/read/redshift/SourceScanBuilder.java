package io.penstock.jobs.read.redshift;

import io.penstock.common.plan.SourceFilter;
import io.penstock.common.schema.SourceColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructType;

/** Learns which columns and rows are needed, and whether a few rows are enough. */
final class SourceScanBuilder
    implements SupportsPushDownRequiredColumns, SupportsPushDownV2Filters, SupportsPushDownLimit {
  /** More rows than that are not looked at, but read. */
  private static final int A_FEW = 10_000;

  private final OpenSource source;
  private List<SourceColumn> columns;
  private SourceFilter filter = SourceFilter.NONE;
  private Predicate[] pushed = {};
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

  /** Spark applies all of them once more: the server may give more rows, and never fewer. */
  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    SourceConditions conditions = new SourceConditions(source.columns());
    List<String> sql = new ArrayList<>();
    List<Predicate> translated = new ArrayList<>();
    for (Predicate predicate : predicates) {
      conditions
          .of(predicate)
          .ifPresent(
              condition -> {
                sql.add(condition);
                translated.add(predicate);
              });
    }
    filter = SourceFilter.of(sql);
    pushed = translated.toArray(Predicate[]::new);
    return predicates;
  }

  @Override
  public Predicate[] pushedPredicates() {
    return pushed.clone();
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
    SourceScan scan = new SourceScan(source, new SourceRead(columns, filter), limit);
    source.plan(scan.statements());
    return scan;
  }
}
