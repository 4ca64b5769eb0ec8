package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.LoadStatements;
import io.penstock.common.run.DeliveredFile;
import io.penstock.common.run.DestinationResult;
import io.penstock.jobs.load.LoadErrors.Refusal;
import io.penstock.jobs.load.Transport.CopyTransport;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StagingKeys;
import io.penstock.jobs.redshift.StatementFailures;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Staged files, and the COPY that reads them within the load's transaction. */
final class CopyStage implements Stage {
  private final LoadPlan plan;
  private final LoadStatements statements;
  private final CopyTransport transport;
  private final StagingKeys keys;
  private final Optional<RefusedRowsFile> refusedRows;
  private long bytes;
  private long refused;
  private boolean removed;

  /**
   * @param refusedRows empty: a row that COPY refuses fails the load
   */
  CopyStage(
      LoadPlan plan,
      LoadStatements statements,
      CopyTransport transport,
      StagingKeys keys,
      Optional<RefusedRowsFile> refusedRows) {
    this.plan = plan;
    this.statements = statements;
    this.transport = transport;
    this.keys = keys;
    this.refusedRows = refusedRows;
  }

  @Override
  public long rows() {
    return transport.files().rows();
  }

  @Override
  public long loaded() {
    return rows() - refused;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void open() {
    DestinationResult files = transport.files().publish();
    bytes = files.files().stream().mapToLong(DeliveredFile::bytes).sum();
    if (files.manifest().isEmpty()) {
      throw new IllegalStateException("a delivery that is staged for COPY needs a manifest");
    }
  }

  @Override
  public void fill(Session session) throws SQLException {
    session.execute(statements.dropStage());
    session.execute(statements.createStage());
    // A manifest without entries is an error to COPY.
    long copied = rows() == 0 ? 0 : copy(session);
    refused = 0;
    if (refusedRows.isPresent() && copied < rows()) {
      refusedRows.get().write(session.number(statements.lastQuery()), rows() - copied);
      refused = rows() - copied;
    } else {
      refusedRows.ifPresent(RefusedRowsFile::remove);
    }
    LoadAttempt.requireSame(plan.destination().name(), "rows that COPY loaded", loaded(), copied);
  }

  /** The rows that were loaded. */
  private long copy(Session session) throws SQLException {
    long rejectable = refusedRows.map(RefusedRowsFile::rejectable).orElse(0L);
    try {
      session.execute(statements.copy(authorization(), rejectable));
      return session.number(statements.countCopied());
    } catch (SQLException e) {
      if (StatementFailures.isBroken(e)
          || StatementFailures.isCancelled(e)
          || StatementFailures.isSerialization(e)) {
        throw e;
      }
      session.rollback(e);
      // One of the tables that are asked next may not exist, which would end a transaction.
      session.endTransactions();
      List<Refusal> refusals = LoadErrors.ofLastCopy(session);
      if (refusals.isEmpty()) {
        throw copyFailed(e);
      }
      throw refusedRows.isPresent()
          ? LoadErrors.exceeded(plan.destination().name(), rejectable, refusals)
          : LoadErrors.refused(plan.destination().name(), refusals);
    }
  }

  private PenstockException copyFailed(SQLException e) {
    return PenstockException.of(
        ErrorCode.LOAD_STATEMENT,
        "Redshift could not copy the staged files of destination " + plan.destination().name(),
        StatementFailures.describe(e),
        "Check that copy-credentials may read "
            + plan.destination().staging().location()
            + ", that staging.region is the bucket's region, and run again with the same --run-id",
        StatementFailures.withoutValues(e));
  }

  private CopyAuthorization authorization() {
    CopyCredentials credentials = plan.destination().copyCredentials();
    return credentials instanceof CopyCredentials.IamRole role
        ? new CopyAuthorization.IamRole(role.arn())
        : keys.resolve(plan.destination().staging().location().access());
  }

  /**
   * Removes every object that the staging delivery could have written, an earlier attempt's too.
   */
  @Override
  public void remove() {
    transport.files().close();
    if (removed || plan.destination().staging().keep()) {
      return;
    }
    removed = true;
    removeFiles(plan, transport.staging());
  }

  /** Removes the staged files of a run's load, whichever attempt wrote them. */
  static void removeFiles(LoadPlan plan, ObjectStore store) {
    DeliveryPlan staging =
        plan.staging().orElseThrow(() -> new IllegalStateException("no staging is planned"));
    try {
      List<String> keysToDelete =
          store.list("").stream()
              .map(ObjectStore.StoredObject::key)
              .filter(key -> isStaged(staging, key))
              .toList();
      store.delete(keysToDelete);
    } catch (IOException e) {
      throw PenstockException.of(
          ErrorCode.DELIVERY_FAILED,
          "The staged files of destination " + plan.destination().name() + " could not be removed",
          "the store answered with " + e.getClass().getSimpleName(),
          "Allow deleting below " + staging.location() + ", and remove what is left there",
          e);
    }
  }

  private static boolean isStaged(DeliveryPlan staging, String key) {
    return staging.fileName().matches(key)
        || staging.manifest().filter(key::equals).isPresent()
        || staging.doneFile().filter(key::equals).isPresent();
  }
}
