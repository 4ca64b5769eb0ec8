package io.penstock.jobs.read.redshift;

import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.plan.SqlStatement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;

/**
 * The sources in Redshift that a command has opened. What they unloaded is removed when this is
 * closed, which is when nothing reads their rows any more.
 */
public final class WarehouseReads implements AutoCloseable {
  private final ReadContext context;
  private final Map<String, OpenSource> open = new ConcurrentHashMap<>();

  public WarehouseReads(ReadContext context) {
    this.context = context;
  }

  /**
   * The rows of a source; none of them is read yet.
   *
   * @throws io.penstock.common.error.PenstockException {@code SOURCE_UNREADABLE}, {@code
   *     SECRET_UNRESOLVED}, {@code CONFIG_CONFLICT}
   */
  public Dataset<Row> open(String name, RedshiftSource redshift, SparkSession spark) {
    OpenSource source = source(name, redshift);
    if (source.reader() == Reader.CONNECTOR) {
      return new ConnectorRead(source, spark, context).open();
    }
    LogicalPlan relation =
        DataSourceV2Relation.create(
            new SourceTable(source),
            Option.empty(),
            Option.empty(),
            CaseInsensitiveStringMap.empty());
    return Dataset.ofRows(spark, relation);
  }

  private synchronized OpenSource source(String name, RedshiftSource redshift) {
    OpenSource source = open.get(name);
    if (source == null) {
      source = OpenSource.open(name, redshift, context);
      open.put(name, source);
    }
    return source;
  }

  /** Whether sources give the same rows however often they are read: those of an UNLOAD do. */
  public boolean repeat() {
    return open.values().stream().allMatch(source -> source.reader() == Reader.UNLOAD);
  }

  /** What Spark has planned to send to each source, redacted. */
  public Map<String, List<SqlStatement>> planned() {
    Map<String, List<SqlStatement>> planned = new HashMap<>();
    open.forEach((name, source) -> planned.put(name, source.planned()));
    return planned;
  }

  /** Ends what is waited for, from another thread. */
  public void cancel() {
    open.values().forEach(OpenSource::cancel);
  }

  @Override
  public void close() {
    open.values().forEach(OpenSource::close);
  }
}
