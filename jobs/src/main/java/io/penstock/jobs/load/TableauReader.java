package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.TableauConfig;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.ReaderStatements;
import io.penstock.common.plan.ReaderStatements.Privilege;
import io.penstock.common.schema.TableName;
import io.penstock.jobs.redshift.Session;
import java.sql.SQLException;
import java.util.Optional;

/** The user that Tableau signs in as gets to read the loaded table. */
final class TableauReader {
  private TableauReader() {}

  /**
   * Grants what the reader lacks, within the transaction of the load; nothing where the destination
   * has no data source for Tableau.
   *
   * @param table that was loaded
   * @throws PenstockException {@code LOAD_STATEMENT} where the loading user may not grant it
   */
  static void grant(Session session, RedshiftDestination destination, TableName table)
      throws SQLException {
    Optional<TableauConfig> tableau = destination.tableau();
    if (tableau.isEmpty()) {
      return;
    }
    ReaderStatements statements = new ReaderStatements(table, tableau.get().reader());
    for (Privilege privilege : statements.privileges()) {
      if (!grant(session, privilege)) {
        throw PenstockException.of(
            ErrorCode.LOAD_STATEMENT,
            "The load into destination " + destination.name() + " was rolled back",
            "its user may not give the Tableau reader "
                + tableau.get().reader()
                + " the privilege "
                + privilege.name(),
            "Run as its owner or a superuser: " + privilege.grant());
      }
    }
  }

  /** Whether the reader has the privilege now. A user who may not grant it is told by a warning. */
  static boolean grant(Session session, Privilege privilege) throws SQLException {
    if (isHeld(session, privilege)) {
      return true;
    }
    session.execute(privilege.grant());
    return isHeld(session, privilege);
  }

  static boolean isHeld(Session session, Privilege privilege) throws SQLException {
    return session.query(privilege.held(), row -> row.getBoolean(1)).get(0);
  }
}
