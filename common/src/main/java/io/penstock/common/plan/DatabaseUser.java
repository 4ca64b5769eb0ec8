package io.penstock.common.plan;

import io.penstock.common.config.DestinationConfig;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.config.StateSchema;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Identifiers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A user that a job signs in as, in one database.
 *
 * @param issued whether AWS issues the passwords, so that the user has none
 */
public record DatabaseUser(String host, int port, String database, String name, boolean issued) {

  private static DatabaseUser of(RedshiftConnection connection, String whose) {
    if (connection.user().isEmpty()) {
      throw PenstockException.of(
          ErrorCode.CONFIG_CONFLICT,
          "There is no user to grant to for " + whose,
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

  /** The users of a job, and what it does as each of them; both in the order of the file. */
  public static Map<DatabaseUser, DatabaseUse> of(JobFile job) {
    Map<DatabaseUser, DatabaseUse> users = new LinkedHashMap<>();
    for (SourceConfig source : job.sources()) {
      if (source.format() instanceof RedshiftSource redshift) {
        use(users, of(redshift.connection(), "source " + source.name())).reads().add(source);
      }
    }
    StateSchema.of(job)
        .ifPresent(
            state ->
                use(users, of(state.redshift().connection(), "source " + state.source()))
                    .stateSchemas()
                    .add(state.schema()));
    for (DestinationConfig destination : job.destinations()) {
      if (destination instanceof RedshiftDestination redshift) {
        use(users, of(redshift.connection(), "destination " + redshift.name()))
            .loads()
            .add(redshift);
      }
    }
    return users;
  }

  private static DatabaseUse use(Map<DatabaseUser, DatabaseUse> users, DatabaseUser user) {
    return users.computeIfAbsent(
        user, added -> new DatabaseUse(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
  }

  @Override
  public String toString() {
    return "user " + name + " of database " + database + " at " + host + ":" + port;
  }
}
