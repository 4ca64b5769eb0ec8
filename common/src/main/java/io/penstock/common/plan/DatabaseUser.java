package io.penstock.common.plan;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.schema.Identifiers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A user that a job signs in as, in one database. */
public record DatabaseUser(String host, int port, String database, String name) {

  private static DatabaseUser of(RedshiftDestination destination) {
    RedshiftDestination.Connection connection = destination.connection();
    return new DatabaseUser(
        connection.host(),
        connection.port(),
        connection.database(),
        Identifiers.fold(connection.user()));
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
