package io.penstock.jobs.sync;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.RedshiftSource.Ranges;
import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.config.RedshiftSource.Rows;
import io.penstock.common.config.RedshiftSource.Staging;
import io.penstock.common.config.StateSchema;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.schema.TableName;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.deliver.DeliveryEngine;
import io.penstock.jobs.read.redshift.ReadContext;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.read.redshift.WarehouseReads;
import io.penstock.jobs.redshift.StagingKeys;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import io.penstock.jobs.store.ObjectStores;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A schema of the sandbox for the state of one job, and a user who has been given it as the seed of
 * the reverse direction tells, and no more.
 */
final class StateScene {
  static final SandboxProcess SANDBOX = SandboxProcess.shared();
  static final SecretResolver SECRETS = secret -> ((Secret.Literal) secret).value();
  private static final String PASSWORD = "Weak1234";

  private final String name;
  private final boolean staged;

  /**
   * @param staged whether the source has a place for files
   */
  StateScene(String name, boolean staged) throws SQLException {
    this.name = name;
    this.staged = staged;
    execute(
        "CREATE USER " + user() + " WITH PASSWORD '" + PASSWORD + "'",
        "CREATE SCHEMA \"" + schema() + "\"",
        "GRANT ALL ON SCHEMA \"" + schema() + "\" TO " + user(),
        "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA \"" + schema() + "\" TO " + user());
  }

  String user() {
    return "weak_" + name;
  }

  String schema() {
    return "_Rudder_" + name;
  }

  StateSchema home() {
    return home(SANDBOX.redshift().port());
  }

  StateSchema home(int port) {
    RedshiftConnection connection =
        new RedshiftConnection(
            "cluster.example.com",
            5439,
            SANDBOX.redshift().database(),
            new PasswordLogin(user(), new Secret.Literal(PASSWORD)),
            new Tls(TlsMode.DISABLE, new Ca.None()),
            Optional.empty(),
            Optional.of("127.0.0.1:" + port));
    RedshiftSource source =
        new RedshiftSource(
            connection,
            new Rows.Table(new TableName("public", name)),
            Reader.AUTO,
            staged
                ? Optional.of(new Staging(SANDBOX.location("state/" + name), false))
                : Optional.empty(),
            new CopyCredentials.FromStaging(),
            new Ranges(Optional.empty(), 1));
    return new StateSchema(name, "people", source, schema());
  }

  RedshiftState state() {
    return state(home(), new com.amazon.redshift.jdbc.Driver());
  }

  RedshiftState state(Driver driver) {
    return state(home(), driver);
  }

  RedshiftState state(StateSchema home, Driver driver) {
    StagingKeys keys =
        access ->
            new CopyAuthorization.Keys(
                SANDBOX.s3().accessKey(), SANDBOX.s3().secretKey(), Optional.empty());
    WarehouseReads reads =
        new WarehouseReads(
            new ReadContext(
                SECRETS, keys, ReadFolder.ofRun(LocalSpark.job(List.of(), Optional.empty()))));
    StateReading reading =
        table -> reads.open(table.toString(), home.reading(table), LocalSpark.session());
    StateFiles files =
        (rows, plan) -> new DeliveryEngine(LocalSpark.session(), SECRETS).stage(rows, plan);
    return RedshiftState.of(
        home,
        new StateDatabase(home, SECRETS, driver),
        reading,
        new RedshiftState.Means(SECRETS, keys, files));
  }

  /** As the administrator. */
  void execute(String... statements) throws SQLException {
    try (Connection straight = SANDBOX.redshift().connect();
        Statement statement = straight.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql.replace("$", "\"" + schema() + "\".\"penstock_" + name + "_"));
      }
    }
  }

  /** The first column of a query; {@code $snapshot_1"} is a table of the state. */
  List<String> query(String sql) throws SQLException {
    try (Connection straight = SANDBOX.redshift().connect();
        Statement statement = straight.createStatement();
        ResultSet rows =
            statement.executeQuery(
                sql.replace("$", "\"" + schema() + "\".\"penstock_" + name + "_"))) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  /** The tables of the state without what all their names begin with, and their owners. */
  List<String> tables() throws SQLException {
    return query(
        "SELECT REPLACE(tablename, 'penstock_"
            + name
            + "_', '') || ' of ' || tableowner FROM pg_catalog.pg_tables WHERE schemaname = LOWER('"
            + schema()
            + "') ORDER BY 1");
  }

  /** Objects below the staging prefix. */
  List<String> staged() throws IOException {
    try (ObjectStore store = ObjectStores.open(SANDBOX.location("state/" + name))) {
      return store.list("").stream().map(StoredObject::key).toList();
    }
  }

  /** Puts an object where a table's files lie. */
  void stage(String key) throws IOException {
    try (ObjectStore store = ObjectStores.open(SANDBOX.location("state/" + name))) {
      store.put(key, new byte[] {1});
    }
  }
}
