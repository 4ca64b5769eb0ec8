package io.penstock.jobs.deliver;

import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.S3Access.RequestChecksums;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxControl;
import io.penstock.jobs.testing.SandboxControl.Request;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/** A sandbox of one's own, deliveries to it, and what lies on its disk afterwards. */
final class S3Scene implements AutoCloseable {
  static final SparkSession SPARK = LocalSpark.session();
  private static final String ACCESS_KEY = "aws.accessKeyId";
  private static final String SECRET_KEY = "aws.secretAccessKey";

  private final SandboxProcess sandbox;
  private final Path disk;
  private final S3Client plain;

  private S3Scene(SandboxProcess sandbox, Path disk) {
    this.sandbox = sandbox;
    this.disk = disk;
    this.plain =
        S3Client.builder()
            .endpointOverride(URI.create(sandbox.s3().endpoint()))
            .region(Region.of(sandbox.s3().region()))
            .forcePathStyle(true)
            .credentialsProvider(owner())
            .httpClientBuilder(ApacheHttpClient.builder())
            .build();
  }

  /** The default chain of this JVM finds the sandbox's own keys until the scene is closed. */
  static S3Scene open(Path directory, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--dir", directory.toString()));
    arguments.addAll(List.of(options));
    SandboxProcess sandbox = SandboxProcess.start(arguments.toArray(new String[0]));
    System.setProperty(ACCESS_KEY, sandbox.s3().accessKey());
    System.setProperty(SECRET_KEY, sandbox.s3().secretKey());
    return new S3Scene(sandbox, directory.resolve("s3").resolve(sandbox.bucket()));
  }

  SandboxProcess sandbox() {
    return sandbox;
  }

  SandboxControl control() {
    return sandbox.control();
  }

  /** A client of nobody's making but the SDK's. */
  S3Client plain() {
    return plain;
  }

  S3Access access(Credentials credentials) {
    return access(credentials, new Encryption.None(), RequestChecksums.WHEN_SUPPORTED);
  }

  S3Access access(Credentials credentials, Encryption encryption, RequestChecksums checksums) {
    return new S3Access(
        sandbox.s3().region(),
        URI.create(sandbox.s3().endpoint()),
        true,
        checksums,
        credentials,
        encryption);
  }

  Credentials ownerKeys() {
    return new Credentials.Keys(
        sandbox.s3().accessKey(), new Secret.Literal(sandbox.s3().secretKey()), null);
  }

  StoreLocation.Bucket at(String prefix, S3Access access) {
    return new StoreLocation.Bucket(sandbox.bucket(), prefix, access);
  }

  /** With the owner's keys. */
  StoreLocation.Bucket at(String prefix) {
    return at(prefix, access(ownerKeys()));
  }

  /** Temporary keys as any client of STS gets them. */
  software.amazon.awssdk.services.sts.model.Credentials temporaryKeys() {
    try (StsClient sts =
        StsClient.builder()
            .endpointOverride(URI.create(sandbox.s3().endpoint()))
            .region(Region.of(sandbox.s3().region()))
            .credentialsProvider(owner())
            .httpClientBuilder(ApacheHttpClient.builder())
            .build()) {
      Credentials.Role role = sandbox.role();
      return sts.assumeRole(
              request ->
                  request
                      .roleArn(role.roleArn())
                      .externalId(role.externalId())
                      .roleSessionName("by-hand"))
          .credentials();
    }
  }

  Credentials temporaryCredentials() {
    var keys = temporaryKeys();
    return new Credentials.Keys(
        keys.accessKeyId(),
        new Secret.Literal(keys.secretAccessKey()),
        new Secret.Literal(keys.sessionToken()));
  }

  private StaticCredentialsProvider owner() {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(sandbox.s3().accessKey(), sandbox.s3().secretKey()));
  }

  static DeliveryEngine engine() {
    return new DeliveryEngine(SPARK, secret -> ((Secret.Literal) secret).value());
  }

  static DestinationResult deliver(Dataset<Row> rows, Plans plans) {
    try (StagedDelivery staged = engine().stage(rows, plans.plan())) {
      DestinationResult result = staged.publish();
      staged.finish();
      return result;
    }
  }

  /** In {@code files} files, each with its share of 0 to {@code count - 1}. */
  static Dataset<Row> numbers(long count, int files) {
    return SPARK.range(0, count, 1, files).selectExpr("id", "concat('name ', id) as name");
  }

  /** What {@link #numbers} is as CSV lines, the header once. */
  static List<String> lines(long count) {
    List<String> lines = new ArrayList<>(List.of("id,name"));
    for (long id = 0; id < count; id++) {
      lines.add(id + ",name " + id);
    }
    return lines;
  }

  /** The objects below a prefix, without it, as they lie on the disk. */
  List<String> onDisk(String prefix) throws IOException {
    Path folder = disk.resolve(prefix);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  byte[] bytesOnDisk(String key) throws IOException {
    return Files.readAllBytes(disk.resolve(key));
  }

  /** The lines of all CSV files below a prefix in the order of their names, the header once. */
  List<String> linesOnDisk(String prefix) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : onDisk(prefix)) {
      if (name.endsWith(".csv")) {
        String text = new String(bytesOnDisk(prefix + "/" + name), StandardCharsets.UTF_8);
        List<String> own = text.lines().toList();
        lines.addAll(lines.isEmpty() ? own : own.subList(1, own.size()));
      }
    }
    return lines;
  }

  int openUploads(String prefix) {
    return plain
        .listMultipartUploads(list -> list.bucket(sandbox.bucket()).prefix(prefix))
        .uploads()
        .size();
  }

  /** Requests for keys below a prefix that changed something. */
  List<Request> writes(String prefix) {
    List<String> writing =
        List.of("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload");
    return control().requests().stream()
        .filter(request -> request.path().startsWith("/" + sandbox.bucket() + "/" + prefix + "/"))
        .filter(request -> writing.contains(request.operation()))
        .toList();
  }

  @Override
  public void close() {
    System.clearProperty(ACCESS_KEY);
    System.clearProperty(SECRET_KEY);
    plain.close();
    sandbox.close();
  }
}
