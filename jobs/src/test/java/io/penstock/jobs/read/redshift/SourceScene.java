package io.penstock.jobs.read.redshift;

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
import io.penstock.common.config.StoreLocation;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.schema.TableName;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import io.penstock.jobs.store.ObjectStores;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A source of one test: a table of the sandbox, how it is read, and where it unloads to. */
final class SourceScene {
  static final SecretResolver SECRETS =
      secret -> {
        if (secret instanceof Secret.Literal literal) {
          return literal.value();
        }
        throw new IllegalStateException("only literals here");
      };

  private final SandboxProcess sandbox;
  private final String name;
  private Rows rows;
  private Reader reader = Reader.UNLOAD;
  private RedshiftConnection connection;
  private StoreLocation.Bucket staging;
  private boolean stages = true;
  private boolean keep;
  private Ranges ranges = new Ranges(Optional.empty(), 1);
  private CopyCredentials credentials = new CopyCredentials.FromStaging();

  SourceScene(SandboxProcess sandbox, String name) {
    this.sandbox = sandbox;
    this.name = name;
    this.rows = new Rows.Table(new TableName("public", name));
    this.connection = connection(sandbox.redshift().user(), sandbox.redshift().password());
    this.staging = sandbox.location("unload/" + name);
  }

  RedshiftConnection connection(String user, String password) {
    return new RedshiftConnection(
        "cluster.example.com",
        5439,
        sandbox.redshift().database(),
        new PasswordLogin(user, new Secret.Literal(password)),
        new Tls(TlsMode.DISABLE, new Ca.None()),
        Optional.empty(),
        Optional.of("127.0.0.1:" + sandbox.redshift().port()));
  }

  SourceScene reader(Reader changed) {
    reader = changed;
    return this;
  }

  SourceScene query(String sql) {
    rows = new Rows.Query(sql);
    return this;
  }

  SourceScene connection(RedshiftConnection changed) {
    connection = changed;
    return this;
  }

  SourceScene staging(StoreLocation.Bucket changed) {
    staging = changed;
    return this;
  }

  SourceScene withoutStaging() {
    stages = false;
    return this;
  }

  SourceScene keep() {
    keep = true;
    return this;
  }

  SourceScene role(String arn) {
    credentials = new CopyCredentials.IamRole(arn);
    return this;
  }

  SourceScene ranges(String column, int partitions) {
    ranges = new Ranges(Optional.of(column), partitions);
    return this;
  }

  String name() {
    return name;
  }

  RedshiftSource source() {
    return new RedshiftSource(
        connection,
        rows,
        reader,
        stages ? Optional.of(new Staging(staging, keep)) : Optional.empty(),
        credentials,
        ranges);
  }

  /** What a run reads with; each time that of another run of the same job. */
  ReadContext run() {
    return context(ReadFolder.ofRun(LocalSpark.job(List.of(), Optional.empty())));
  }

  ReadContext look() {
    return context(ReadFolder.ofLook(LocalSpark.job(List.of(), Optional.empty())));
  }

  private ReadContext context(ReadFolder folder) {
    return new ReadContext(
        SECRETS,
        access ->
            new CopyAuthorization.Keys(
                sandbox.s3().accessKey(), sandbox.s3().secretKey(), Optional.empty()),
        folder);
  }

  /** Objects below the staging prefix, by their keys within it. */
  List<String> staged() throws IOException {
    try (ObjectStore store = ObjectStores.open(sandbox.location("unload/" + name))) {
      return store.list("").stream().map(StoredObject::key).toList();
    }
  }

  /** As the administrator, straight to the server. */
  void execute(String... statements) throws SQLException {
    try (Connection straight = sandbox.redshift().connect();
        Statement statement = straight.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Rows as the server's text, joined by bars. */
  List<String> query(String sql, int columns) throws SQLException {
    try (Connection straight = sandbox.redshift().connect();
        Statement statement = straight.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        found.add(String.join("|", row));
      }
      return found;
    }
  }
}
