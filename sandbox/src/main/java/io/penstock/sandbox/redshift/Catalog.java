package io.penstock.sandbox.redshift;

import io.penstock.sandbox.postgres.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/** What Redshift has in its catalog and PostgreSQL does not, in {@code *.sql} resources. */
final class Catalog {
  private static final List<String> SCRIPTS =
      List.of(
          "catalog.sql",
          "load-errors.sql",
          "changes.sql",
          "late-views.sql",
          "functions.sql",
          "views.sql",
          "privileges.sql");

  private static final String INSTALLED =
      "SELECT 1 WHERE obj_description('penstock_sandbox'::regnamespace, 'pg_namespace') = ";

  private Catalog() {}

  /** Creates the database, the administrator and the catalog unless the data folder has them. */
  static void install(PostgresServer postgres, String password) throws IOException, SQLException {
    try (Connection connection = postgres.dataSource("postgres").getConnection();
        Statement statement = connection.createStatement()) {
      if (!exists(
          statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + RedshiftServer.USER + "'")) {
        statement.execute(
            "CREATE ROLE " + RedshiftServer.USER + " LOGIN SUPERUSER PASSWORD '" + password + "'");
      }
      if (!exists(
          statement,
          "SELECT 1 FROM pg_database WHERE datname = '" + RedshiftServer.DATABASE + "'")) {
        statement.execute(
            "CREATE DATABASE " + RedshiftServer.DATABASE + " OWNER " + RedshiftServer.USER);
      }
    }
    try (Connection connection = postgres.dataSource(RedshiftServer.DATABASE).getConnection();
        Statement statement = connection.createStatement()) {
      String version = version();
      if (exists(statement, "SELECT 1 FROM pg_namespace WHERE nspname = 'penstock_sandbox'")) {
        if (!exists(statement, INSTALLED + "'" + version + "'")) {
          throw new IOException(
              "The data folder was made by another version of the sandbox; remove it or choose"
                  + " another --dir");
        }
        return;
      }
      connection.setAutoCommit(false);
      statement.execute("SET LOCAL allow_system_table_mods = on");
      for (String script : SCRIPTS) {
        statement.execute(script(script));
      }
      statement.execute("COMMENT ON SCHEMA penstock_sandbox IS '" + version + "'");
      connection.commit();
    }
  }

  /** A digest of the scripts. */
  private static String version() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String script : SCRIPTS) {
      all.append(script(script));
    }
    return UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static boolean exists(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      return result.next();
    }
  }

  private static String script(String name) throws IOException {
    try (InputStream in = Catalog.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("The resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
