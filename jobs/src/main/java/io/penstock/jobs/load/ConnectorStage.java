package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftDestination.StagingFormat;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LedgerStatements;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.LoadStatements;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.jobs.redshift.Connector;
import io.penstock.jobs.redshift.Database;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StagingKeys;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A stage table that the spark-redshift connector fills over a connection of its own. The connector
 * is addressed by its format name only. It appends to a table that exists already, because it makes
 * none for a DataFrame without rows and other types than the template's.
 */
final class ConnectorStage implements Stage {
  private final LoadPlan plan;
  private final LoadStatements statements;
  private final Database database;
  private final StagingKeys keys;
  private @Nullable Dataset<Row> written;
  private long rows;

  ConnectorStage(LoadPlan plan, List<Column> columns, Database database, StagingKeys keys) {
    this.plan = plan;
    this.statements = new LoadStatements(plan, columns);
    this.database = database;
    this.keys = keys;
  }

  /** Creates the stage table anew and has the connector fill it. */
  void write(Dataset<Row> dataset) {
    written = dataset;
    try {
      createStage();
      save(dataset);
      rows = countStage();
    } catch (PenstockException e) {
      removeAfter(e);
      throw e;
    }
  }

  private void createStage() {
    LedgerStatements ledger = statements.ledger();
    try (Session session = database.open()) {
      Ledger.ensure(session, ledger);
      for (String dead : session.query(ledger.findStages(label()), row -> row.getString(1))) {
        session.execute(ledger.dropTable(dead));
      }
      session.execute(statements.dropStage());
      session.execute(statements.createStage());
      session.execute(statements.labelStage(label()));
    } catch (SQLException e) {
      throw LoadFailures.of(plan.destination().name(), "CREATE of the stage table", e);
    }
  }

  /** By which the next run of the job knows a stage table that a run has left behind by dying. */
  private String label() {
    return "penstock stage of " + plan.run().job() + "/" + plan.destination().name();
  }

  private void save(Dataset<Row> dataset) {
    try {
      described(dataset)
          .write()
          .format(Connector.FORMAT)
          .options(options())
          .mode(SaveMode.Append)
          .save();
    } catch (PenstockException e) {
      throw e;
    } catch (Exception e) {
      throw ConnectorFailures.of(plan.destination(), e);
    }
  }

  /** The columns with the metadata that the connector makes its own DDL from. */
  private Dataset<Row> described(Dataset<Row> dataset) {
    String[] names = dataset.columns();
    List<Column> staged = statements.stageColumns();
    List<org.apache.spark.sql.Column> selected = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      Metadata metadata =
          new MetadataBuilder().putString("redshift_type", staged.get(i).type().ddl()).build();
      selected.add(
          functions
              .col("`" + names[i].replace("`", "``") + "`")
              .as(Identifiers.fold(staged.get(i).name()), metadata));
    }
    return dataset.select(selected.toArray(org.apache.spark.sql.Column[]::new));
  }

  /** Every option the connector is given; the password and keys are of those Spark redacts. */
  Map<String, String> options() {
    RedshiftDestination destination = plan.destination();
    Map<String, String> options =
        Connector.options(
            database,
            tempdir(),
            new Connector.Authorization(
                destination.copyCredentials(), destination.staging().location().access(), keys),
            "destination " + destination.name(),
            "Set copy-credentials.iam-role, or loader = copy");
    options.put("dbtable", Identifiers.quote(plan.stageTable()));
    options.put("tempformat", tempformat(destination.staging().format()));
    // A text that a row may hold must not stand for NULL.
    options.put("csvnullstring", "@NULL-" + safe(plan.run().runId()) + "@");
    options.put("include_column_list", "true");
    options.put("copyretrycount", "0");
    return options;
  }

  private static String tempformat(StagingFormat format) {
    return switch (format) {
      case AUTO, CSV -> "CSV GZIP";
      case AVRO -> "AVRO";
      case PARQUET -> "PARQUET";
      case JSON -> throw new IllegalStateException("the connector stages no JSON");
    };
  }

  /** Of this run alone, so that it can be removed: the connector never does. */
  private String tempdir() {
    return Connector.s3a(plan.destination().staging().location())
        + "/connector/"
        + plan.run().job()
        + "/"
        + plan.destination().name()
        + "/"
        + safe(plan.run().runId());
  }

  /** The connector writes some options into SQL and into addresses as they are. */
  private static String safe(String runId) {
    return runId.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private long countStage() {
    try (Session session = database.open()) {
      return session.number(statements.countStage());
    } catch (SQLException e) {
      throw LoadFailures.of(plan.destination().name(), "counting the stage table", e);
    }
  }

  /**
   * What the stage table held when the connector had committed it; the connector tells no count.
   */
  @Override
  public long rows() {
    return rows;
  }

  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public void open() {
    // The connector has committed its rows already.
  }

  @Override
  public void fill(Session session) {
    // As above: what the transaction finds in the stage table is counted by the transaction.
  }

  /** Removes the connector's files, and the stage table where no transaction has. */
  @Override
  public void remove() {
    Dataset<Row> dataset = written;
    if (dataset == null) {
      return;
    }
    written = null;
    try (Session session = database.open()) {
      session.execute(statements.dropStage());
    } catch (SQLException e) {
      throw LoadFailures.of(plan.destination().name(), "DROP of the stage table", e);
    }
    if (!plan.destination().staging().keep()) {
      removeFiles(dataset);
    }
  }

  private void removeFiles(Dataset<Row> dataset) {
    Path directory = new Path(tempdir());
    try {
      directory
          .getFileSystem(dataset.sparkSession().sessionState().newHadoopConf())
          .delete(directory, true);
    } catch (IOException e) {
      throw PenstockException.of(
          ErrorCode.DELIVERY_FAILED,
          "The connector's files of destination "
              + plan.destination().name()
              + " could not be removed",
          "the store answered with " + e.getClass().getSimpleName(),
          "Allow deleting below " + directory + ", and remove what is left there",
          e);
    }
  }

  private void removeAfter(PenstockException failure) {
    try {
      remove();
    } catch (PenstockException e) {
      failure.addSuppressed(e);
    }
  }
}
