package io.penstock.jobs.sync;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.StateSchema;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.StateStaging;
import io.penstock.common.plan.StateStatements;
import io.penstock.common.plan.StateTableStatements;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.schema.TableName;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import io.penstock.jobs.store.ObjectStores;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables that are copied from files in the staging of the source. What a sync that died left there
 * goes before the next one writes.
 */
final class CopiedTables implements StateTables {
  private static final Logger LOG = LoggerFactory.getLogger(CopiedTables.class);

  private final StateSchema home;
  private final StateStatements statements;
  private final StateDatabase database;
  private final StoreLocation.Bucket folder;
  private final RedshiftState.Means means;

  /**
   * @param folder of all files of this state
   */
  CopiedTables(
      StateSchema home,
      StateDatabase database,
      StoreLocation.Bucket folder,
      RedshiftState.Means means) {
    this.home = home;
    this.statements = new StateStatements(home.schema(), home.job());
    this.database = database;
    this.folder = folder;
    this.means = means;
  }

  @Override
  public void write(TableName name, Dataset<Row> rows) {
    StateTableStatements table = statements.rows(name, StateTypes.columns(rows.schema()));
    DeliveryPlan plan = StateStaging.plan(folder, name);
    try (ObjectStore store = ObjectStores.open(ObjectStores.resolved(folder, means.secrets()))) {
      clear(store);
      try (StagedDelivery delivery = means.files().stage(rows, plan)) {
        delivery.publish();
        load(table, plan, delivery.rows());
      } finally {
        clearAtEnd(store);
      }
    } catch (IOException e) {
      throw SyncProblems.unstaged(home.toString(), folder.toString(), e);
    }
  }

  private static void clear(ObjectStore store) throws IOException {
    store.discardOpen(key -> true);
    store.delete(store.list("").stream().map(StoredObject::key).toList());
  }

  /** Where it fails, the next sync does it. */
  private static void clearAtEnd(ObjectStore store) {
    try {
      clear(store);
    } catch (IOException e) {
      LOG.warn("The next sync removes the files at {}: {}", store.address(""), e.getMessage());
    }
  }

  /** A manifest without entries is an error to COPY. */
  private void load(StateTableStatements table, DeliveryPlan plan, long rows) {
    database.write(
        session -> {
          StateDatabase.ensureSchema(session, statements);
          session.beginTransactions();
          session.execute(table.drop());
          session.execute(table.create());
          session.execute(table.label());
          if (rows > 0) {
            session.execute(table.copy(plan, authorization()));
            long copied = session.number(StateTableStatements.countCopied());
            if (copied != rows) {
              throw SyncProblems.miscounted(home.toString(), rows, copied);
            }
          }
          session.commit();
          return rows;
        });
  }

  private CopyAuthorization authorization() {
    return home.redshift().unloadCredentials() instanceof CopyCredentials.IamRole role
        ? new CopyAuthorization.IamRole(role.arn())
        : means.keys().resolve(folder.access());
  }
}
