package io.penstock.sandbox.testing;

import io.penstock.sandbox.S3Endpoint;
import io.penstock.sandbox.redshift.RedshiftServer;
import io.penstock.sandbox.redshift.copy.CopyUnload;
import io.penstock.sandbox.redshift.copy.LoadErrorLog;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** PostgreSQL with the sandbox's system objects, S3 with one bucket, and COPY/UNLOAD over both. */
public final class CopyServers implements AutoCloseable {
  public static final String BUCKET = "penstock";
  private static final String ACCESS_KEY = "AKIAPENSTOCKSANDBOX1";
  private static final String SECRET_KEY = "sandboxSecretKey/NotAnAwsKey+0000000000";
  public static final String AUTHORIZATION =
      " CREDENTIALS 'aws_access_key_id="
          + ACCESS_KEY
          + ";aws_secret_access_key="
          + SECRET_KEY
          + "' ";

  private static final String CATALOG =
      """
      CREATE SCHEMA penstock_sandbox;
      CREATE SEQUENCE penstock_sandbox.query_ids;
      SET allow_system_table_mods = on;
      """;

  private final Path directory;
  private final EmbeddedPostgres postgres;
  private final S3Proxy proxy;
  private final S3Client client;
  private final CopyUnload copyUnload;

  private CopyServers(
      Path directory,
      EmbeddedPostgres postgres,
      S3Proxy proxy,
      S3Client client,
      CopyUnload copyUnload) {
    this.directory = directory;
    this.postgres = postgres;
    this.proxy = proxy;
    this.client = client;
    this.copyUnload = copyUnload;
  }

  public static CopyServers start() throws Exception {
    Path directory = Files.createTempDirectory("copy-servers");
    EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(CATALOG);
      statement.execute(loadErrors());
    }
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(directory.toString()))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
            .v4MaxNonChunkedRequestSize(128L << 20)
            .v4MaxChunkSize(16 << 20)
            .ignoreUnknownHeaders(true)
            .build();
    proxy.start();
    S3Endpoint endpoint =
        new S3Endpoint(
            URI.create("http://127.0.0.1:" + proxy.getPort()), "us-east-1", ACCESS_KEY, SECRET_KEY);
    S3Client client =
        S3Client.builder()
            .endpointOverride(endpoint.endpoint())
            .region(Region.of(endpoint.region()))
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
            .build();
    client.createBucket(r -> r.bucket(BUCKET));
    LoadErrorLog log = LoadErrorLog.open(postgres.getPostgresDatabase());
    return new CopyServers(directory, postgres, proxy, client, new CopyUnload(endpoint, log));
  }

  private static String loadErrors() throws IOException {
    try (InputStream in = RedshiftServer.class.getResourceAsStream("load-errors.sql")) {
      if (in == null) {
        throw new IOException("load-errors.sql is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public CopyUnload copyUnload() {
    return copyUnload;
  }

  /** A new client session. */
  public JdbcBackend connect() throws SQLException {
    Connection connection = postgres.getPostgresDatabase().getConnection();
    return new JdbcBackend(connection);
  }

  public void put(String key, byte[] content) {
    client.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromBytes(content));
  }

  public void put(String key, Path file) {
    client.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromFile(file));
  }

  public byte[] read(String key) {
    ResponseBytes<?> bytes = client.getObjectAsBytes(r -> r.bucket(BUCKET).key(key));
    return bytes.asByteArray();
  }

  public List<String> keys(String prefix) {
    return client.listObjectsV2Paginator(r -> r.bucket(BUCKET).prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  @Override
  public void close() throws Exception {
    client.close();
    copyUnload.close();
    proxy.stop();
    postgres.close();
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
