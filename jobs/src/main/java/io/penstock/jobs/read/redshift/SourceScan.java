package io.penstock.jobs.read.redshift;

import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.plan.SourceStatements;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.schema.SourceColumn;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** One read of some columns. Nothing is sent before Spark asks for the partitions. */
final class SourceScan implements Scan, Batch, SupportsReportStatistics {
  static final int UNLIMITED = -1;

  private final OpenSource source;
  private final SourceRead read;
  private final List<SourceColumn> columns;
  private final SourceStatements statements;
  private final int limit;
  private final Route route;
  private InputPartition @Nullable [] partitions;

  /** How the rows come. */
  private enum Route {
    /** Over one connection, for a few rows are enough. */
    FIRST,
    /** Only their number. */
    COUNT,
    UNLOAD,
    JDBC
  }

  /**
   * @param limit {@link #UNLIMITED}: all rows
   */
  SourceScan(OpenSource source, SourceRead read, int limit) {
    this.source = source;
    this.read = read;
    this.columns = read.columns();
    this.statements = source.statements().where(read.filter());
    this.limit = limit;
    this.route = route();
  }

  private Route route() {
    if (limit != UNLIMITED) {
      return Route.FIRST;
    }
    if (columns.isEmpty()) {
      return Route.COUNT;
    }
    return source.reader() == Reader.UNLOAD ? Route.UNLOAD : Route.JDBC;
  }

  /** What will be sent, redacted; of ranges as far as it is known before they are. */
  List<SqlStatement> statements() {
    return switch (route) {
      case FIRST -> List.of(statements.selectFirst(columns, limit));
      case COUNT -> List.of(statements.count());
      case UNLOAD -> List.of(source.shownUnload(read), SourceStatements.countUnloaded());
      case JDBC -> ofRanges();
    };
  }

  private List<SqlStatement> ofRanges() {
    SqlStatement select = statements.select(columns);
    if (source.rangeColumn().isEmpty() || source.source().ranges().partitions() == 1) {
      return List.of(select);
    }
    SourceColumn column = source.rangeColumn().get();
    String note =
        " -- once for each of up to "
            + source.source().ranges().partitions()
            + " ranges of "
            + column.name()
            + ", whose rows are counted before";
    return List.of(
        statements.limits(column, source.source().ranges().partitions()),
        SqlStatement.of(select.sql() + note));
  }

  @Override
  public StructType readSchema() {
    return SourceTypes.schema(columns);
  }

  @Override
  public String description() {
    return "redshift source " + source.name() + " by " + route;
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  /** Said without partitions, which would have to be made for it. */
  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return route == Route.UNLOAD ? ColumnarSupportMode.SUPPORTED : ColumnarSupportMode.UNSUPPORTED;
  }

  @Override
  public Statistics estimateStatistics() {
    OptionalLong bytes = source.bytes(columns.size());
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return bytes;
      }

      @Override
      public OptionalLong numRows() {
        return OptionalLong.empty();
      }
    };
  }

  @Override
  public synchronized InputPartition[] planInputPartitions() {
    InputPartition[] made = partitions;
    if (made == null) {
      made = make().toArray(InputPartition[]::new);
      partitions = made;
    }
    return made;
  }

  private List<? extends InputPartition> make() {
    return switch (route) {
      case FIRST -> List.of(RangePartition.whole(statements.selectFirst(columns, limit)));
      case COUNT -> List.of(new RowCount(source.count(statements)));
      case UNLOAD -> source.unload(read).manifest().files();
      case JDBC -> source.ranges(read);
    };
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return switch (route) {
      case COUNT -> new RowCount.Readers();
      case UNLOAD -> new UnloadedReaders(source.name(), source.unload(read).folder(), columns);
      case FIRST, JDBC -> new JdbcReaders(source.name(), source.connection(), columns);
    };
  }
}
