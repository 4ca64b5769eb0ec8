package io.penstock.jobs.sync;

import io.penstock.common.config.StateSchema;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.StateStatements;
import io.penstock.common.plan.StateTableStatements;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.TableName;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Tries whether a state in Redshift can be kept; what it makes is rolled back. */
public final class StateProbe {
  /** After this the server is asked to cancel a statement. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final StateSchema home;
  private final StateStatements statements;
  private final StateDatabase database;

  public StateProbe(StateSchema home, SecretResolver secrets) {
    this.home = home;
    this.statements = new StateStatements(home.schema(), home.job());
    this.database = new StateDatabase(home, secrets);
  }

  /**
   * Creates, writes, reads and drops in the schema, which is created where it is missing, and reads
   * what the state has.
   *
   * @return what was found, in a few words
   * @throws PenstockException {@code VERIFICATION_FAILED}, {@code SOURCE_UNREADABLE}
   */
  public String access() {
    return database.tried(
        session -> {
          try {
            return tried(session);
          } finally {
            session.rollback();
          }
        },
        this::failed);
  }

  private String tried(Session session) throws SQLException {
    session.beginTransactions();
    boolean there =
        !session.query(statements.findSchema(), LONGEST, row -> row.getInt(1)).isEmpty();
    if (!there) {
      session.execute(statements.createSchema(), LONGEST);
    }
    StateTableStatements table =
        statements.rows(
            new TableName(home.schema(), "penstock_verify_" + UUID.randomUUID()),
            List.of(new Column("n", RedshiftType.of(Kind.INTEGER), true, false)));
    session.execute(table.create(), LONGEST);
    session.execute(table.insert("(1)"), LONGEST);
    session.query(table.count(), LONGEST, row -> row.getLong(1));
    session.execute(table.drop(), LONGEST);
    TableName[] own = {statements.document(), statements.cursor(), statements.log()};
    List<String> existing = session.query(statements.find(own), LONGEST, row -> row.getString(1));
    for (TableName each : own) {
      if (existing.contains(each.name())) {
        session.execute(statements.clear(each), LONGEST);
      }
    }
    return home.schema() + (there ? "" : ", which the first sync creates");
  }

  private PenstockException failed(SQLException e) {
    String user = home.redshift().connection().login().user().orElse("that AWS names");
    return PenstockException.of(
        ErrorCode.VERIFICATION_FAILED,
        "the state of the sync cannot be kept in " + home,
        StatementFailures.describe(e),
        "let the user "
            + user
            + " create schema "
            + home.schema()
            + ", or create, read and write tables in it (penstock grants prints the statements), or"
            + " change sync.state",
        StatementFailures.withoutValues(e));
  }

  /** Ends what is waited for, from another thread. */
  public void cancel() {
    database.cancel();
  }
}
