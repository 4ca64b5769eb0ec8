package io.penstock.jobs.app;

import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The places of one job: a prefix of the sandbox's bucket, a table and a state schema of its
 * Redshift, and a local folder; looked at with S3's own client and SQL.
 */
final class RunScene {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final S3Client S3 =
      S3Client.builder()
          .endpointOverride(URI.create(SANDBOX.s3().endpoint()))
          .region(Region.of(SANDBOX.s3().region()))
          .forcePathStyle(true)
          .credentialsProvider(
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create(SANDBOX.s3().accessKey(), SANDBOX.s3().secretKey())))
          .build();

  private final String name;
  private final Path folder;

  RunScene(String name, Path folder) throws IOException {
    this.name = name;
    this.folder = Files.createDirectories(folder);
  }

  Path folder() {
    return folder;
  }

  String table() {
    return "public." + name;
  }

  String stateSchema() {
    return "_state_" + name;
  }

  Path state(String job, String runId, String file) {
    return folder.resolve("state/runs").resolve(job).resolve(runId).resolve(file);
  }

  /** Writes the job file; {@code $s3}, {@code $warehouse} and {@code $scene} are filled in. */
  Path jobFile(String text) throws IOException {
    String s3 =
        """
        bucket = "%s", region = "%s", endpoint = "%s", path-style = true
        credentials { type = keys, access-key = "%s", secret-key = "%s" }
        """
            .formatted(
                SANDBOX.bucket(),
                SANDBOX.s3().region(),
                SANDBOX.s3().endpoint(),
                SANDBOX.s3().accessKey(),
                SANDBOX.s3().secretKey());
    SandboxProcess.Redshift redshift = SANDBOX.redshift();
    String warehouse =
        """
        type = redshift
        connection {
          endpoint-override = "%s:%d", host = "cluster.example.com", database = "%s"
          user = "%s", password = "%s", tls { mode = disable }
        }
        staging { %s, prefix = "%s/staging" }
        copy-credentials { iam-role = "arn:aws:iam::123456789012:role/copy" }
        loader = copy
        state-schema = "%s"
        table { schema = public, name-from = custom, name = "%s" }
        """
            .formatted(
                redshift.host(),
                redshift.port(),
                redshift.database(),
                redshift.user(),
                redshift.password(),
                s3,
                name,
                stateSchema(),
                name);
    String filled =
        text.replace("$s3", s3).replace("$warehouse", warehouse).replace("$scene", name)
            + "\nstate = \"state\"\nspark { \"spark.sql.shuffle.partitions\" = 2 }\n";
    return Files.writeString(folder.resolve("job.conf"), filled);
  }

  /** Visible objects below the scene's prefix: key within it, and the content's SHA-256. */
  Map<String, String> objects() {
    Map<String, String> found = new TreeMap<>();
    String prefix = name + "/";
    for (S3Object object :
        S3.listObjectsV2Paginator(list -> list.bucket(SANDBOX.bucket()).prefix(prefix))
            .contents()) {
      byte[] content =
          S3.getObjectAsBytes(get -> get.bucket(SANDBOX.bucket()).key(object.key())).asByteArray();
      found.put(object.key().substring(prefix.length()), digest(object.key(), content));
    }
    return found;
  }

  /** Puts an object below the scene's prefix. */
  void put(String key, String content) {
    S3.putObject(
        put -> put.bucket(SANDBOX.bucket()).key(name + "/" + key), RequestBody.fromString(content));
  }

  /** Keys of multipart uploads below the scene's prefix that are neither completed nor aborted. */
  List<String> openUploads() {
    return S3.listMultipartUploads(list -> list.bucket(SANDBOX.bucket())).uploads().stream()
        .map(MultipartUpload::key)
        .filter(key -> key.startsWith(name + "/"))
        .toList();
  }

  /** Files below a folder of the scene, hidden ones too: path within it, and SHA-256. */
  Map<String, String> files(String below) throws IOException {
    Map<String, String> found = new TreeMap<>();
    Path root = folder.resolve(below);
    if (!Files.isDirectory(root)) {
      return found;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(
            root.relativize(file).toString(), digest(file.toString(), Files.readAllBytes(file)));
      }
    }
    return found;
  }

  /** Of a manifest without the scene's name, which its addresses hold. */
  private String digest(String key, byte[] content) {
    byte[] compared = content;
    if (key.endsWith(".manifest")) {
      String text = new String(content, StandardCharsets.UTF_8);
      compared = text.replace("/" + name + "/", "/…/").getBytes(StandardCharsets.UTF_8);
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(compared));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Rows of a query, each as its values joined by a bar. */
  List<String> rows(String sql) throws SQLException {
    try (java.sql.Connection connection = connect()) {
      return rows(connection, sql);
    }
  }

  private static List<String> rows(java.sql.Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          line.append(i == 1 ? "" : "|").append(rows.getString(i));
        }
        found.add(line.toString());
      }
      return found;
    }
  }

  void execute(String sql) throws SQLException {
    try (java.sql.Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The tables of the scene's state schema. */
  List<String> stateTables() throws SQLException {
    return rows(
        "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ="
            + " c.relnamespace WHERE c.relkind = 'r' AND n.nspname = '"
            + stateSchema()
            + "'");
  }

  private static java.sql.Connection connect() throws SQLException {
    SandboxProcess.Redshift redshift = SANDBOX.redshift();
    Properties properties = new Properties();
    properties.setProperty("user", redshift.user());
    properties.setProperty("password", redshift.password());
    properties.setProperty("ssl", "false");
    return DriverManager.getConnection(
        "jdbc:redshift://" + redshift.host() + ":" + redshift.port() + "/" + redshift.database(),
        properties);
  }
}
