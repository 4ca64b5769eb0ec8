package io.penstock.jobs.read;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.config.SourceConfig.SourceFormat;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.read.redshift.WarehouseReads;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;

/**
 * The sources of a job, each a temporary view of its name, and the query over them. Nothing here
 * reads rows, except where a schema can be had in no other way: JSON without {@code schema}, CSV
 * with {@code inferSchema}.
 */
public final class Sources {
  private final SparkSession spark;
  private final WarehouseReads warehouse;

  /**
   * @param warehouse opens sources in Redshift, and is closed by its owner
   */
  public Sources(SparkSession spark, WarehouseReads warehouse) {
    this.spark = spark;
    this.warehouse = warehouse;
  }

  /**
   * The rows of a job's query, or of its one source where it has no query.
   *
   * @throws PenstockException SOURCE_UNREADABLE naming the source and its path; QUERY_INVALID with
   *     Spark's analysis
   */
  public Dataset<Row> query(JobFile job) {
    List<Dataset<Row>> views = job.sources().stream().map(this::register).toList();
    if (job.query().isPresent()) {
      return sql(job.query().get());
    }
    if (views.size() != 1) {
      throw PenstockException.of(
          ErrorCode.CONFIG_MISSING_KEY,
          "there is no query over " + views.size() + " sources",
          "rows can be taken as they are only where there is one source",
          "add query or query-file");
    }
    return views.get(0);
  }

  /** Opens a source and registers it as a temporary view of its name. */
  public Dataset<Row> register(SourceConfig source) {
    Dataset<Row> rows = open(source);
    rows.createOrReplaceTempView(quoted(source.name()));
    return rows;
  }

  /**
   * Opens a source: its schema is known, its rows are not read.
   *
   * @throws PenstockException SOURCE_UNREADABLE
   */
  public Dataset<Row> open(SourceConfig source) {
    try {
      Dataset<Row> rows = read(source);
      rows.schema();
      return rows;
    } catch (PenstockException e) {
      throw e;
    } catch (Exception e) {
      throw SourceFailures.unreadable(source, e);
    }
  }

  private Dataset<Row> read(SourceConfig source) {
    SourceFormat format = source.format();
    if (format instanceof RedshiftSource redshift) {
      return warehouse.open(source.name(), redshift, spark);
    }
    if (format instanceof SourceFormat.Delta delta) {
      DataFrameReader reader = spark.read().format("delta");
      delta.version().ifPresent(version -> reader.option("versionAsOf", version));
      delta.timestamp().ifPresent(timestamp -> reader.option("timestampAsOf", timestamp));
      return reader.load(SourcePath.of(delta.path()));
    }
    if (format instanceof SourceFormat.Files files) {
      DataFrameReader reader = spark.read().format(files.format()).options(files.options());
      files.schema().ifPresent(reader::schema);
      return reader.load(SourcePath.of(files.path()));
    }
    return spark.read().table(((SourceFormat.Table) format).table());
  }

  private Dataset<Row> sql(String query) {
    try {
      LogicalPlan parsed = spark.sessionState().sqlParser().parsePlan(query);
      refuseStatements(parsed);
      return spark.sql(query);
    } catch (PenstockException e) {
      throw e;
    } catch (Exception e) {
      throw invalid(e);
    }
  }

  private static void refuseStatements(LogicalPlan parsed) {
    if (parsed
        .find(plan -> plan instanceof Command || plan instanceof ParsedStatement)
        .isDefined()) {
      throw PenstockException.of(
          ErrorCode.QUERY_INVALID,
          "the query is a statement that changes something",
          "a job's query only reads",
          "write a SELECT over the sources; Redshift statements belong in pre-sql or post-sql");
    }
  }

  private static PenstockException invalid(Exception failure) {
    String message =
        failure instanceof AnalysisException analysis
            ? analysis.getSimpleMessage()
            : "Spark cannot plan it (" + failure.getClass().getSimpleName() + ")";
    return PenstockException.of(
        ErrorCode.QUERY_INVALID,
        "Spark refuses the query",
        Sentences.plain(message),
        "correct the query; the sources' names are the views it may read",
        failure);
  }

  /** A name as Spark SQL reads it whole, whatever characters it has. */
  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
