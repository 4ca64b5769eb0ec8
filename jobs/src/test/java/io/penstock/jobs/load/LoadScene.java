package io.penstock.jobs.load;

import io.penstock.common.config.Application;
import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.Encoding;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftDestination.Grant;
import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftDestination.Staging;
import io.penstock.common.config.RedshiftDestination.StagingCompression;
import io.penstock.common.config.RedshiftDestination.StagingFormat;
import io.penstock.common.config.RedshiftDestination.Table;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.TableDesign;
import io.penstock.common.config.TableauConfig;
import io.penstock.common.config.WriteMode;
import io.penstock.common.names.FileName;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.Packing;
import io.penstock.common.plan.RefusedRows;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.TableName;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import io.penstock.common.text.TextDialect;
import io.penstock.jobs.load.Transport.CopyTransport;
import io.penstock.jobs.load.Transport.SetAside;
import io.penstock.jobs.store.ObjectStores;
import io.penstock.jobs.testing.RecordingDriver;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.WholeObjects;
import java.net.URI;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One table of one test: where it is, how it is loaded, and a look at it through a connection that
 * is not the load's.
 */
final class LoadScene {
  static final List<Column> COLUMNS =
      List.of(
          new Column("id", RedshiftType.of(Kind.INTEGER), false, false),
          new Column("email", RedshiftType.varchar(20), true, true));

  static final SecretResolver SECRETS =
      secret -> {
        if (secret instanceof Secret.Literal literal) {
          return literal.value();
        }
        throw new IllegalStateException("only literals here");
      };

  static final String REJECTS = "refused_by_warehouse.ndjson";

  static final LoadLimits LIMITS = new LoadLimits(Duration.ofSeconds(20), 3, Duration.ofMillis(50));

  private final SandboxProcess sandbox;
  private final String name;
  private int port;
  private String password;
  private String user;
  private String database;
  private TlsMode tls = TlsMode.DISABLE;
  private Loader loader = Loader.COPY;
  private List<String> preSql = List.of();
  private List<String> postSql = List.of();
  private List<Grant> grants = List.of();
  private TableDesign design = TableDesign.AUTO;
  private Operation operation = Operation.UPDATE;
  private SchemaChange schemaChange = SchemaChange.FAIL;
  private List<String> keys = List.of("id");
  private List<Column> columns = COLUMNS;
  private boolean keep;
  private Optional<String> staged = Optional.empty();
  private Optional<TableauConfig> tableau = Optional.empty();
  private Optional<Path> rejects = Optional.empty();
  private long mostRejects;
  private @Nullable RedshiftConnection connection;

  LoadScene(SandboxProcess sandbox, String name) {
    this.sandbox = sandbox;
    this.name = name;
    this.port = sandbox.redshift().port();
    this.password = sandbox.redshift().password();
    this.user = sandbox.redshift().user();
    this.database = sandbox.redshift().database();
  }

  LoadScene port(int changed) {
    port = changed;
    return this;
  }

  LoadScene login(String changedUser, String changedPassword) {
    user = changedUser;
    password = changedPassword;
    return this;
  }

  LoadScene database(String changed) {
    database = changed;
    return this;
  }

  LoadScene tls(TlsMode changed) {
    tls = changed;
    return this;
  }

  /** Another way to the database than that of the other settings. */
  LoadScene connection(RedshiftConnection changed) {
    connection = changed;
    return this;
  }

  LoadScene loader(Loader changed) {
    loader = changed;
    return this;
  }

  LoadScene preSql(String... statements) {
    preSql = List.of(statements);
    return this;
  }

  LoadScene postSql(String... statements) {
    postSql = List.of(statements);
    return this;
  }

  LoadScene grants(Grant... changed) {
    grants = List.of(changed);
    return this;
  }

  LoadScene tableau(TableauConfig changed) {
    tableau = Optional.of(changed);
    return this;
  }

  /** Rows that COPY refuses go below a directory. */
  LoadScene rejects(Path directory, long most) {
    rejects = Optional.of(directory);
    mostRejects = most;
    return this;
  }

  LoadScene design(TableDesign changed) {
    design = changed;
    return this;
  }

  LoadScene operation(Operation changed) {
    operation = changed;
    return this;
  }

  LoadScene schemaChange(SchemaChange changed) {
    schemaChange = changed;
    return this;
  }

  /** Of upserts and mirrors; {@code id} unless said otherwise. */
  LoadScene keys(String... changed) {
    keys = List.of(changed);
    return this;
  }

  /** Of the staged rows; {@link #COLUMNS} unless said otherwise. */
  LoadScene columns(Column... changed) {
    columns = List.of(changed);
    return this;
  }

  LoadScene keep() {
    keep = true;
    return this;
  }

  /** The files of every run are those of one folder, and stay there. */
  LoadScene stagedOnce(String folder) {
    staged = Optional.of(folder);
    return keep();
  }

  String name() {
    return name;
  }

  String table() {
    return "public." + name;
  }

  String stateSchema() {
    return "_state_" + name;
  }

  private RedshiftConnection connection() {
    if (connection != null) {
      return connection;
    }
    return new RedshiftConnection(
        "cluster.example.com",
        5439,
        database,
        new PasswordLogin(user, new Secret.Literal(password)),
        new Tls(tls, new Ca.None()),
        Optional.empty(),
        Optional.of("127.0.0.1:" + port));
  }

  RedshiftDestination destination(Write write) {
    return new RedshiftDestination(
        "warehouse",
        connection(),
        new Staging(staging("shared"), StagingFormat.AUTO, StagingCompression.AUTO, 1, keep),
        new CopyCredentials.FromStaging(),
        loader,
        new Table(new TableName("public", name), design, grants),
        new Application(
            operation, write, write.usesKeys() ? keys : List.of(), schemaChange, preSql, postSql),
        stateSchema(),
        tableau);
  }

  RunContext run(String runId) {
    return new RunContext(
        "job-" + name.replace('_', '-'),
        runId,
        Instant.parse("2026-11-20T10:00:00Z"),
        Optional.empty());
  }

  LoadPlan plan(String runId, Write write) {
    DeliveryPlan staged =
        new DeliveryPlan(
            "warehouse",
            staging(runId),
            new FileName("rows_", ".csv", true),
            new OutputFormat.Text("csv", dialect()),
            Packing.plain(Encoding.NONE),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            WriteMode.OVERWRITE,
            Optional.empty(),
            Optional.of("rows.manifest"));
    return new LoadPlan(
        run(runId),
        destination(write),
        new TableName(stateSchema(), "stage_" + name),
        Optional.of(staged),
        refused(),
        false);
  }

  private Optional<RefusedRows> refused() {
    return rejects.map(
        directory ->
            new RefusedRows(
                new StoreLocation.Directory(directory.toString()), REJECTS, mostRejects));
  }

  <T extends WholeObjects & StagedDelivery> CopyTransport transport(T files) {
    return new CopyTransport(
        files,
        files,
        refused()
            .map(target -> new SetAside(ObjectStores.open(target.location()), () -> mostRejects)));
  }

  private StoreLocation.Bucket staging(String runId) {
    SandboxProcess.S3 s3 = sandbox.s3();
    return new StoreLocation.Bucket(
        "penstock",
        "staging/" + staged.orElse(name + "/" + runId),
        new S3Access(
            s3.region(),
            URI.create(s3.endpoint()),
            true,
            S3Access.RequestChecksums.WHEN_SUPPORTED,
            new S3Access.Credentials.Keys(s3.accessKey(), new Secret.Literal(s3.secretKey()), null),
            new S3Access.Encryption.None()));
  }

  private static TextDialect dialect() {
    return new TextDialect(
        ',',
        false,
        '"',
        null,
        TextDialect.QuoteMode.MINIMAL,
        TextDialect.LineEnding.LF,
        "@NULL@",
        null,
        null,
        "UTF-8",
        false,
        false,
        false);
  }

  StagedFiles files(String runId, long rows, String... contents) {
    return new StagedFiles(sandbox.s3(), delivery(runId), List.of(contents), rows);
  }

  /** Those of {@link #files}, where they were staged before. */
  RecordedFiles recorded(String runId, long rows, String... contents) {
    return new RecordedFiles(delivery(runId), List.of(contents), rows);
  }

  private DeliveryPlan delivery(String runId) {
    return plan(runId, Write.APPEND).staging().orElseThrow();
  }

  RedshiftLoad load() {
    return load(new RecordingDriver());
  }

  RedshiftLoad load(RecordingDriver driver) {
    return load(driver, LIMITS);
  }

  RedshiftLoad load(RecordingDriver driver, LoadLimits limits) {
    SandboxProcess.S3 s3 = sandbox.s3();
    return new RedshiftLoad(
        SECRETS,
        access -> new CopyAuthorization.Keys(s3.accessKey(), s3.secretKey(), Optional.empty()),
        limits,
        driver);
  }

  /** Stages the files' rows and publishes them, as a run does. */
  <T extends WholeObjects & StagedDelivery> DestinationResult loads(
      RecordingDriver driver, String runId, Write write, T files) {
    try (StagedDelivery staged =
        load(driver).stage(plan(runId, write), columns, transport(files))) {
      DestinationResult result = staged.publish();
      staged.finish();
      return result;
    }
  }

  <T extends WholeObjects & StagedDelivery> DestinationResult loads(
      String runId, Write write, T files) {
    return loads(new RecordingDriver(), runId, write, files);
  }

  /** The rows of a query, their columns joined by {@code |}, over the real driver. */
  List<String> query(String sql) {
    try (java.sql.Connection connection = connect();
        Statement statement = connection.createStatement()) {
      boolean answers = statement.execute(sql);
      List<String> rows = new ArrayList<>();
      if (answers) {
        try (ResultSet result = statement.getResultSet()) {
          int width = result.getMetaData().getColumnCount();
          while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= width; i++) {
              row.add(String.valueOf(result.getString(i)));
            }
            rows.add(String.join("|", row));
          }
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The tables of the state schema. */
  List<String> stateTables() {
    return query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = '"
            + Identifiers.fold(stateSchema())
            + "'");
  }

  /** A connection as the administrator, straight to the server. */
  java.sql.Connection connect() throws SQLException {
    return sandbox.redshift().connect();
  }
}
