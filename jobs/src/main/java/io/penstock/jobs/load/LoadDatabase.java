package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.Database;
import java.sql.Driver;

/** The database of a destination. */
final class LoadDatabase {
  private LoadDatabase() {}

  static Database of(RedshiftDestination destination, SecretResolver secrets) {
    return of(destination, secrets, new com.amazon.redshift.jdbc.Driver());
  }

  static Database of(RedshiftDestination destination, SecretResolver secrets, Driver driver) {
    return new Database(
        destination.connection(), "destination " + destination.name(), secrets, driver);
  }
}
