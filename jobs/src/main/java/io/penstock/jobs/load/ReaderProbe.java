package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.TableauConfig;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.ReaderStatements;
import io.penstock.common.plan.ReaderStatements.Privilege;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Tries whether the user that Tableau signs in as can read the table. Every method answers what it
 * found and throws {@code LOAD_CONNECTION}, {@code SECRET_UNRESOLVED} or {@code
 * VERIFICATION_FAILED} with the key to change. Nothing is left behind.
 */
public final class ReaderProbe {
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final RedshiftDestination destination;
  private final TableauConfig tableau;
  private final SecretResolver secrets;
  private final ReaderStatements statements;

  /**
   * @throws java.util.NoSuchElementException where the destination has no data source for Tableau
   */
  public ReaderProbe(RedshiftDestination destination, SecretResolver secrets) {
    this.destination = destination;
    this.tableau = destination.tableau().orElseThrow();
    this.secrets = secrets;
    this.statements = new ReaderStatements(destination.table().name(), tableau.reader());
  }

  /** Whether there is the reader, and has or can be given what it needs; as the loading user. */
  public String permitted() {
    return inTransaction(
        new Database(destination, secrets),
        session -> {
          if (session.query(statements.findReader(), row -> row.getInt(1)).isEmpty()) {
            throw failed(
                "there is no user " + tableau.reader(),
                "Redshift does not list it in pg_user",
                "run what penstock grants prints, or change tableau.reader");
          }
          require(session, statements.usage());
          if (!isThere(session)) {
            return "USAGE on the schema; the load grants SELECT on the table it creates";
          }
          require(session, statements.select());
          return "USAGE on the schema, SELECT on the table";
        });
  }

  private void require(Session session, Privilege privilege) throws SQLException {
    if (!isGranted(session, privilege)) {
      throw failed(
          "the Tableau reader " + tableau.reader() + " lacks the privilege " + privilege.name(),
          "it does not have it, and the user "
              + destination.connection().user()
              + " may not grant it",
          "run as its owner or a superuser: " + privilege.grant());
    }
  }

  private static boolean isGranted(Session session, Privilege privilege) throws SQLException {
    try {
      return TableauReader.grant(session, privilege);
    } catch (SQLException e) {
      if (StatementFailures.isForbidden(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Signs in as the reader and selects from the table; empty where {@code reader-password} is not
   * given.
   */
  public Optional<String> signIn() {
    return tableau.readerPassword().map(this::signIn);
  }

  private String signIn(Secret password) {
    try {
      return inTransaction(new Database(asReader(password), secrets), this::read);
    } catch (PenstockException e) {
      if (e.code() != ErrorCode.LOAD_CONNECTION) {
        throw e;
      }
      // the loading user got through, so that it is not the way there
      throw failed(
          "the Tableau reader " + tableau.reader() + " cannot sign in",
          e.reason(),
          "change tableau.reader or tableau.reader-password");
    }
  }

  private String read(Session session) throws SQLException {
    if (!isThere(session)) {
      return "signed in; there is no table yet";
    }
    if (!TableauReader.isHeld(session, statements.select())) {
      return "signed in; the next load grants SELECT on the table";
    }
    int rows = session.query(statements.read(), row -> 1).size();
    return "signed in, read " + (rows == 0 ? "an empty table" : "a row");
  }

  private boolean isThere(Session session) throws SQLException {
    return !session.query(statements.findTable(), row -> row.getInt(1)).isEmpty();
  }

  private RedshiftDestination asReader(Secret password) {
    RedshiftConnection loader = destination.connection();
    return destination.withConnection(
        new RedshiftConnection(
            loader.host(),
            loader.port(),
            loader.database(),
            new PasswordLogin(Identifiers.fold(tableau.reader()), password),
            loader.tls(),
            loader.tunnel(),
            loader.endpointOverride()));
  }

  @FunctionalInterface
  private interface Attempt {
    String in(Session session) throws SQLException;
  }

  private String inTransaction(Database database, Attempt attempt) {
    try (Session session = database.open(SILENCE)) {
      try {
        session.beginTransactions();
        return attempt.in(session);
      } catch (SQLException e) {
        throw failed(
            "Redshift refuses a statement about the Tableau reader " + tableau.reader(),
            StatementFailures.describe(e),
            "run what penstock grants prints, or change tableau.reader");
      } finally {
        session.rollback();
      }
    }
  }

  private static PenstockException failed(String problem, String reason, String remedy) {
    return PenstockException.of(ErrorCode.VERIFICATION_FAILED, problem, reason, remedy);
  }
}
