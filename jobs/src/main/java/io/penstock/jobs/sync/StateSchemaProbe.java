package io.penstock.jobs.sync;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.plan.StateSchemaStatements;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.Database;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StatementFailures;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tries whether the state of a sync can be kept in a schema, in a transaction that is rolled back.
 */
public final class StateSchemaProbe {
  /** After this the server is asked to cancel a statement. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** After this the connection is given up. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final Optional<String> user;
  private final String schema;
  private final Database database;
  private final StateSchemaStatements statements;
  private volatile @Nullable Session running;

  public StateSchemaProbe(RedshiftConnection connection, String schema, SecretResolver secrets) {
    this.user = connection.login().user();
    this.schema = schema;
    this.database = new Database(connection, "the state of the sync", secrets);
    this.statements =
        new StateSchemaStatements(
            schema, "penstock_verify_" + UUID.randomUUID().toString().replace("-", ""));
  }

  /**
   * Creates, writes and reads a table in the schema, which is created where it is missing, and asks
   * whether the tables that are there may be used.
   *
   * @return what was found, in a few words
   * @throws PenstockException {@code VERIFICATION_FAILED}, with the statement that is missing;
   *     {@code LOAD_CONNECTION}, {@code SECRET_UNRESOLVED}
   */
  public String access() {
    try (Session session = database.open(SILENCE)) {
      running = session;
      session.beginTransactions();
      boolean there = isThere(session);
      create(session, there);
      requireTables(session);
      session.rollback();
      return schema + (there ? "" : ", which the first run creates");
    } catch (SQLException e) {
      throw failed(
          "the state schema " + schema + " cannot be examined",
          StatementFailures.describe(e),
          "verify again; check what lies between here and the connection's host");
    } finally {
      running = null;
    }
  }

  private boolean isThere(Session session) throws SQLException {
    return !session.query(statements.findSchema(), LONGEST, row -> row.getInt(1)).isEmpty();
  }

  private void create(Session session, boolean there) throws SQLException {
    try {
      if (!there) {
        session.execute(statements.createSchema(), LONGEST);
      }
      session.execute(statements.create(), LONGEST);
      session.execute(statements.insert(), LONGEST);
      session.query(statements.count(), LONGEST, row -> row.getLong(1));
    } catch (SQLException e) {
      if (!StatementFailures.isForbidden(e)) {
        throw e;
      }
      String granting = grant(statements::grantSchema);
      throw failed(
          there
              ? "the user may not create and use tables in the state schema " + schema
              : "there is no state schema " + schema + ", and the user may not create it",
          StatementFailures.describe(e),
          there ? granting : statements.createSchema().sql() + "; " + granting);
    }
  }

  private void requireTables(Session session) throws SQLException {
    List<String> forbidden =
        session.query(statements.findForbidden(), LONGEST, row -> row.getString(1));
    if (!forbidden.isEmpty()) {
      throw failed(
          "the user may not read and write what is in the state schema " + schema,
          "it lacks a privilege on "
              + forbidden.stream().limit(3).collect(Collectors.joining(", "))
              + (forbidden.size() > 3 ? ", …" : ""),
          grant(statements::grantTables));
    }
  }

  private String grant(Function<String, SqlStatement> statement) {
    return user.map(name -> statement.apply(name).sql())
            .orElse("let the user that AWS names use the schema")
        + ", run by a superuser (penstock grants prints it), or change sync.state.schema";
  }

  private static PenstockException failed(String problem, String reason, String remedy) {
    return PenstockException.of(ErrorCode.VERIFICATION_FAILED, problem, reason, remedy);
  }

  /** Ends what is waited for, from another thread. */
  public void cancel() {
    Session session = running;
    if (session != null) {
      session.cancel();
    }
  }
}
