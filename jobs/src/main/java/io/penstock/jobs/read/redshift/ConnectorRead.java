package io.penstock.jobs.read.redshift;

import io.penstock.common.config.RedshiftSource.Rows;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.SourceColumn;
import io.penstock.jobs.redshift.Connector;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/**
 * A source that the spark-redshift connector reads over a connection of its own. It selects the
 * columns that are needed by itself.
 */
final class ConnectorRead {
  private final OpenSource source;
  private final SparkSession spark;
  private final ReadContext context;

  ConnectorRead(OpenSource source, SparkSession spark, ReadContext context) {
    this.source = source;
    this.spark = spark;
    this.context = context;
  }

  /** The rows in the types of the source. */
  Dataset<Row> open() {
    source.plan(
        List.of(
            SqlStatement.of("-- the connector sends statements of its own"),
            source.statements().describe()));
    try {
      return typed(spark.read().format(Connector.FORMAT).options(options()).load());
    } catch (PenstockException e) {
      throw ReadFailures.of(e);
    } catch (Exception e) {
      throw failed(e);
    }
  }

  private PenstockException failed(Exception failure) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof SQLException sql) {
        return ReadFailures.of(source.name(), "the connector's look-up", sql);
      }
      cause = cause.getCause();
    }
    return PenstockException.of(
        ErrorCode.SOURCE_UNREADABLE,
        "The connector cannot read source " + source.name(),
        "it stopped with " + failure.getClass().getName() + "; its message may hold values of rows",
        "Check that Spark may read and write below the staging prefix through s3a, or write reader ="
            + " unload to see the cause",
        StatementFailures.withoutValues(new SQLException(failure.getClass().getName(), "HY000")));
  }

  /** Every option the connector is given; the password and keys are of those Spark redacts. */
  private Map<String, String> options() {
    Map<String, String> options =
        Connector.options(
            source.database(),
            Connector.s3a(source.place()),
            new Connector.Authorization(
                source.source().unloadCredentials(),
                source.source().staging().orElseThrow().location().access(),
                context.keys()),
            "source " + source.name(),
            "Set unload-credentials.iam-role, or reader = unload");
    if (source.source().rows() instanceof Rows.Table table) {
      options.put("dbtable", Identifiers.quote(table.name()));
    } else {
      options.put("query", ((Rows.Query) source.source().rows()).sql());
    }
    options.put("unload_s3_format", "PARQUET");
    return options;
  }

  /** The connector reads by position; its names differ from ours in nothing but case. */
  private Dataset<Row> typed(Dataset<Row> rows) {
    StructField[] fields = SourceTypes.schema(source.columns()).fields();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < fields.length; i++) {
      SourceColumn column = source.columns().get(i);
      Column read = functions.col("`" + rows.columns()[i].replace("`", "``") + "`");
      columns.add(value(read, column).as(fields[i].name(), fields[i].metadata()));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private static Column value(Column read, SourceColumn column) {
    if (column.type().kind() == Kind.TIMESTAMP) {
      // the connector makes an instant of a wall clock's time by the zone of the JVM
      return functions.convert_timezone(
          functions.lit(TimeZone.getDefault().getID()), read.cast(DataTypes.TimestampNTZType));
    }
    Column cast = read.cast(SourceTypes.type(column.type()));
    return switch (column.type().kind()) {
      case CHAR -> functions.rtrim(cast);
      case SUPER -> functions.when(cast.notEqual("null"), cast);
      default -> cast;
    };
  }
}
