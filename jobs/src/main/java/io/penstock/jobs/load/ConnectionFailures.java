package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftDestination.TlsMode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.RedshiftPassword;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection could not be opened, and the key to change. */
final class ConnectionFailures {
  private ConnectionFailures() {}

  /**
   * @param password that was refused, if it was; no message holds it
   */
  static PenstockException of(
      RedshiftDestination destination, SQLException failure, String password) {
    Explanation explanation = explain(destination.connection(), failure);
    String hint = isRefusal(failure) ? hint(password) : "";
    return PenstockException.of(
        ErrorCode.LOAD_CONNECTION,
        "Redshift cannot be reached for destination " + destination.name(),
        explanation.reason() + hint,
        explanation.remedy(),
        StatementFailures.withoutValues(failure));
  }

  private static boolean isRefusal(SQLException failure) {
    return String.valueOf(failure.getSQLState()).startsWith("28");
  }

  /** A secret may hold a quote or a line too many. */
  private static String hint(String password) {
    return RedshiftPassword.problemOf(password)
        .map(problem -> ", and the password " + problem + ", so that it is none of Redshift's")
        .orElse("");
  }

  private record Explanation(String reason, String remedy) {}

  private static Explanation explain(
      RedshiftDestination.Connection connection, SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    String endpoint =
        connection.endpointOverride().orElse(connection.host() + ":" + connection.port());
    if (connection.tls() == TlsMode.DISABLE && message.contains("ssl off")) {
      return new Explanation(
          "the server takes encrypted connections only", "Set connection.tls.mode = verify-full");
    }
    if (isRefusal(failure)) {
      return new Explanation(
          "the server refused the user " + connection.user() + " (SQLSTATE " + state + ")",
          "Change connection.user or connection.password; a user of IAM only has no password");
    }
    if (state.equals("3D000")) {
      return new Explanation(
          "there is no database " + connection.database(), "Change connection.database");
    }
    if (state.equals("53300")) {
      return new Explanation(
          "the server has no connection left (SQLSTATE 53300)",
          "Wait for other sessions to end, or close idle ones");
    }
    if (connection.tls() != TlsMode.DISABLE
        && (has(failure, SSLException.class) || message.contains("ssl"))) {
      return tls(connection, endpoint);
    }
    return network(endpoint, state, message, failure);
  }

  private static Explanation tls(RedshiftDestination.Connection connection, String endpoint) {
    String mode = connection.tls().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new Explanation(
        "no encrypted connection to " + endpoint + " came about with connection.tls.mode = " + mode,
        "Change connection.tls: the server's certificate has to be signed by an authority that Java"
            + " trusts (verify-ca, verify-full) and to name the host (verify-full); require"
            + " encrypts without checking, disable does not encrypt");
  }

  private static Explanation network(
      String endpoint, String state, String message, SQLException failure) {
    if (has(failure, UnknownHostException.class)) {
      return new Explanation(
          "the name of " + endpoint + " is not known", "Change connection.host, or check DNS");
    }
    if (has(failure, SocketTimeoutException.class) || message.contains("timed out")) {
      return new Explanation(
          endpoint + " did not answer within " + Database.LOGIN_SECONDS + " seconds",
          "Check connection.host and connection.port, and that a security group and a route let"
              + " this machine through");
    }
    if (has(failure, ConnectException.class)
        || has(failure, NoRouteToHostException.class)
        || message.contains("refused")) {
      return new Explanation(
          "nothing accepts connections at " + endpoint,
          "Change connection.host or connection.port, or start the cluster");
    }
    return new Explanation(
        "the conversation with "
            + endpoint
            + " ended before the login was complete (SQLSTATE "
            + state
            + ")",
        "Check connection.host, connection.port and connection.tls, and that the server is Redshift");
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (type.isInstance(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
