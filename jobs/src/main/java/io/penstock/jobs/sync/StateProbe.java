package io.penstock.jobs.sync;

import io.penstock.common.config.StateSchema;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.StateGrants;
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
import java.util.function.Function;

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
            session.beginTransactions();
            boolean there =
                !session.query(statements.findSchema(), LONGEST, row -> row.getInt(1)).isEmpty();
            create(session, there);
            useOwn(session);
            return home.schema() + (there ? "" : ", which the first sync creates");
          } finally {
            session.rollback();
          }
        },
        failure -> failed(failure, "change sync.state, or verify again"));
  }

  private void create(Session session, boolean there) throws SQLException {
    try {
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
    } catch (SQLException e) {
      throw refused(
          e, grants -> (there ? "" : grants.createSchema().sql() + "; ") + grants.onSchema().sql());
    }
  }

  private void useOwn(Session session) throws SQLException {
    TableName[] own = {statements.document(), statements.cursor(), statements.log()};
    List<String> existing = session.query(statements.find(own), LONGEST, row -> row.getString(1));
    try {
      for (TableName each : own) {
        if (existing.contains(each.name())) {
          session.execute(statements.clear(each), LONGEST);
        }
      }
    } catch (SQLException e) {
      throw refused(e, grants -> grants.onTables().sql());
    }
  }

  /**
   * @param missing the statements that would let the user do it
   */
  private PenstockException refused(SQLException e, Function<StateGrants, String> missing) {
    if (!StatementFailures.isForbidden(e)) {
      return failed(e, "change sync.state, or verify again");
    }
    String remedy =
        home.redshift()
            .connection()
            .login()
            .user()
            .map(user -> missing.apply(new StateGrants(home.schema(), user)))
            .orElse("let the user that AWS names create and use tables in " + home.schema());
    return failed(
        e, remedy + " (run by a superuser; penstock grants prints it), or change sync.state");
  }

  private PenstockException failed(SQLException e, String remedy) {
    return PenstockException.of(
        ErrorCode.VERIFICATION_FAILED,
        "the state of the sync cannot be kept in " + home,
        StatementFailures.describe(e),
        remedy,
        StatementFailures.withoutValues(e));
  }

  /** Ends what is waited for, from another thread. */
  public void cancel() {
    database.cancel();
  }
}
