package io.penstock.sandbox.redshift;

import io.penstock.sandbox.s3.LoginIssuer;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import javax.sql.DataSource;

/**
 * Users {@code IAM:name} with passwords that PostgreSQL lets expire, who act as the user {@code
 * name} once they have signed in.
 */
public final class TemporaryUsers implements LoginIssuer {
  private static final int PASSWORD_BYTES = 48;

  private final DataSource database;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param database as superuser
   */
  public TemporaryUsers(DataSource database) {
    this.database = database;
  }

  /** Of a user that does not exist nobody can sign in with the password, as in Redshift. */
  @Override
  public synchronized Login issue(String user, Duration lifetime) throws IOException {
    byte[] bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    Login login =
        new Login(
            "IAM:" + user,
            Base64.getEncoder().encodeToString(bytes),
            Instant.now().plus(lifetime).truncatedTo(ChronoUnit.SECONDS));
    try (Connection connection = database.getConnection()) {
      if (exists(connection, user)) {
        set(connection, user, login);
      }
      return login;
    } catch (SQLException e) {
      throw new IOException("No temporary password could be set", e);
    }
  }

  private static void set(Connection connection, String user, Login login) throws SQLException {
    String name = quoted(login.user());
    try (Statement statement = connection.createStatement()) {
      if (!exists(connection, login.user())) {
        statement.execute("CREATE ROLE " + name + " LOGIN");
        statement.execute("GRANT " + quoted(user) + " TO " + name);
        statement.execute("ALTER ROLE " + name + " SET role = " + quoted(user));
      }
      // base64 and a time in ISO 8601 hold nothing that a literal could not
      statement.execute(
          "ALTER ROLE "
              + name
              + " PASSWORD '"
              + login.password()
              + "' VALID UNTIL '"
              + login.expires()
              + "'");
    }
  }

  private static boolean exists(Connection connection, String user) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?")) {
      statement.setString(1, user);
      try (ResultSet found = statement.executeQuery()) {
        return found.next();
      }
    }
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
