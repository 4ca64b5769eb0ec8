package io.penstock.common.plan;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Identifiers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A user that a job signs in as, in one database.
 *
 * @param issued whether AWS issues the passwords, so that the user has none
 */
public record DatabaseUser(String host, int port, String database, String name, boolean issued) {

  private static DatabaseUser of(RedshiftDestination destination) {
    RedshiftConnection connection = destination.connection();
    if (connection.user().isEmpty()) {
      throw PenstockException.of(
          ErrorCode.CONFIG_CONFLICT,
          "There is no user to grant to for destination " + destination.name(),
          "connection.iam without connection.user signs in as a user that AWS names",
          "Write connection.user for the statements, or grant to the user that the role stands for");
    }
    return new DatabaseUser(
        connection.host(),
        connection.port(),
        connection.database(),
        Identifiers.fold(connection.user()),
        connection.login() instanceof IamLogin);
  }

  /** The users of a job, and what each of them loads; both in the order of the file. */
  public static Map<DatabaseUser, List<RedshiftDestination>> of(JobFile job) {
    Map<DatabaseUser, List<RedshiftDestination>> users = new LinkedHashMap<>();
    job.destinations().stream()
        .filter(RedshiftDestination.class::isInstance)
        .map(RedshiftDestination.class::cast)
        .forEach(
            destination ->
                users.computeIfAbsent(of(destination), user -> new ArrayList<>()).add(destination));
    return users;
  }

  @Override
  public String toString() {
    return "user " + name + " of database " + database + " at " + host + ":" + port;
  }
}
