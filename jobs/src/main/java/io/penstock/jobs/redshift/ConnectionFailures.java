package io.penstock.jobs.redshift;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.RedshiftPassword;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection could not be opened, and the key to change. */
final class ConnectionFailures {
  /** What Java and the driver say of a certificate that does not hold the host name. */
  private static final Pattern OTHER_NAME =
      Pattern.compile("(?i)no subject alternative|no name matching|could not be verified by host");

  private final RedshiftConnection connection;
  private final SQLException failure;
  private final String state;
  private final String message;

  private ConnectionFailures(RedshiftConnection connection, SQLException failure) {
    this.connection = connection;
    this.failure = failure;
    this.state = String.valueOf(failure.getSQLState());
    this.message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
  }

  /**
   * @param whose who asks, such as {@code destination warehouse}
   * @param password that was refused, if it was; no message holds it
   */
  static PenstockException of(
      RedshiftConnection connection, String whose, SQLException failure, String password) {
    Explanation explanation = new ConnectionFailures(connection, failure).explain();
    boolean issued = connection.login() instanceof IamLogin;
    String hint = isRefusal(failure) && !issued ? hint(password) : "";
    return PenstockException.of(
        ErrorCode.LOAD_CONNECTION,
        "Redshift cannot be reached for " + whose,
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

  private Explanation explain() {
    TlsMode mode = connection.tls().mode();
    if (mode == TlsMode.DISABLE && message.contains("ssl off")) {
      return new Explanation(
          "the server takes encrypted connections only", "Set connection.tls.mode = verify-full");
    }
    if (isRefusal(failure)) {
      return login();
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
    if (mode != TlsMode.DISABLE && (has(SSLException.class) || message.contains("ssl"))
        || hasSaid(OTHER_NAME.asPredicate())) {
      return tls();
    }
    return network();
  }

  private Explanation login() {
    if (connection.login() instanceof IamLogin iam) {
      return new Explanation(
          "the server refused the temporary password that AWS issued for "
              + iam.warehouse().name()
              + " (SQLSTATE "
              + state
              + ")",
          "Change connection.iam so that it names the warehouse at connection.host, or"
              + " connection.user to a user that exists");
    }
    return new Explanation(
        "the server refused the user " + connection.user() + " (SQLSTATE " + state + ")",
        "Change connection.user or connection.password; a user of IAM only has no password");
  }

  private Explanation tls() {
    if (hasSaid(OTHER_NAME.asPredicate())) {
      return new Explanation(
          "the server's certificate is not one of " + connection.host(),
          "Change connection.host to the name that the certificate holds, or set connection.tls.mode"
              + " = verify-ca, which lets any server of the authority pass");
    }
    if (has(CertificateExpiredException.class) || has(CertificateNotYetValidException.class)) {
      return new Explanation(
          "the server's certificate, or its authority's, has expired or is not valid yet",
          "Renew it, set this machine's clock, or change connection.tls.ca to the authority's"
              + " present certificate");
    }
    if (has(CertPathBuilderException.class) || has(CertPathValidatorException.class)) {
      return new Explanation(
          "the server's certificate is not signed by "
              + (connection.tls().ca() instanceof Ca.None
                  ? "an authority that Java trusts"
                  : "the authority of connection.tls.ca"),
          "Set connection.tls.ca to the certificate of the authority that signed the server's");
    }
    String mode = connection.tls().mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new Explanation(
        "no encrypted connection to "
            + connection.endpoint()
            + " came about with connection.tls.mode = "
            + mode,
        "Check that the server at connection.host and connection.port takes encrypted connections;"
            + " connection.tls.mode = disable does not encrypt");
  }

  private Explanation network() {
    String endpoint = connection.endpoint();
    if (has(UnknownHostException.class)) {
      return new Explanation(
          "the name of " + endpoint + " is not known", "Change connection.host, or check DNS");
    }
    if (has(SocketTimeoutException.class) || message.contains("timed out")) {
      return new Explanation(
          endpoint + " did not answer within " + Database.LOGIN_SECONDS + " seconds",
          "Check connection.host and connection.port, and that a security group and a route let"
              + " this machine through");
    }
    if (has(ConnectException.class)
        || has(NoRouteToHostException.class)
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

  private boolean has(Class<? extends Throwable> type) {
    return has(type::isInstance);
  }

  private boolean hasSaid(Predicate<String> saying) {
    return has(cause -> saying.test(String.valueOf(cause.getMessage())));
  }

  private boolean has(Predicate<Throwable> kind) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (kind.test(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
