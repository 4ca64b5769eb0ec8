package io.penstock.jobs.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.S3Access.RequestChecksums;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.secret.Secret;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox in a process of its own, from the reactor's {@code sandbox/target}, on free ports. It
 * ends with this JVM.
 */
public final class SandboxProcess implements AutoCloseable {
  private final @Nullable Process process;
  private final JsonNode ready;

  /** The embedded S3; it has the bucket {@code penstock}. */
  public record S3(String endpoint, String region, String accessKey, String secretKey) {}

  /**
   * The Redshift stand-in.
   *
   * @param ca the certificate of its authority; null: it takes no encrypted connections
   */
  public record Redshift(
      String host, int port, String database, String user, String password, @Nullable String ca) {

    /** A connection of the real driver, as the administrator. */
    public Connection connect() throws SQLException {
      Properties properties = new Properties();
      properties.setProperty("user", user);
      properties.setProperty("password", password);
      properties.setProperty("ssl", String.valueOf(ca != null));
      if (ca != null) {
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty("sslrootcert", ca);
      }
      return DriverManager.getConnection(
          "jdbc:redshift://" + host + ":" + port + "/" + database, properties);
    }
  }

  private SandboxProcess(@Nullable Process process, JsonNode ready) {
    this.process = process;
    this.ready = ready;
  }

  /** The one that the tests of a JVM share. */
  public static SandboxProcess shared() {
    return Holder.SHARED;
  }

  /** As {@link #shared}, with encrypted connections and an SSH server. */
  public static SandboxProcess tunnelled() {
    return TunnelledHolder.SHARED;
  }

  private static final class TunnelledHolder {
    static final SandboxProcess SHARED = Holder.open("--events", "--tls", "--ssh");
  }

  private static final class Holder {
    static final SandboxProcess SHARED = open("--events");

    private static SandboxProcess open(String... arguments) {
      try {
        return start(arguments);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A sandbox of one's own; the arguments are the sandbox's. */
  public static SandboxProcess start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "io.penstock.sandbox.Sandbox",
                "--parent-pid",
                Long.toString(ProcessHandle.current().pid())));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      process.destroy();
      throw new IOException("the sandbox ended before it was ready");
    }
    return new SandboxProcess(process, new ObjectMapper().readTree(line));
  }

  /**
   * One that another process started.
   *
   * @param description of it, by {@link #description}
   */
  public static SandboxProcess described(String description) throws IOException {
    return new SandboxProcess(null, new ObjectMapper().readTree(description));
  }

  /** All that a client needs to know, secrets too. */
  public String description() {
    return ready.toString();
  }

  /** The class path of a sandbox process. */
  public static String classPath() throws IOException {
    Path target = Path.of("").toAbsolutePath().resolveSibling("sandbox").resolve("target");
    return target.resolve("classes")
        + File.pathSeparator
        + Files.readString(target.resolve("classpath.txt")).strip();
  }

  public S3 s3() {
    JsonNode s3 = ready.path("s3");
    return new S3(
        s3.path("endpoint").asText(),
        s3.path("region").asText(),
        s3.path("accessKey").asText(),
        s3.path("secretKey").asText());
  }

  public Redshift redshift() {
    JsonNode redshift = ready.path("redshift");
    return new Redshift(
        redshift.path("host").asText(),
        redshift.path("port").asInt(),
        redshift.path("database").asText(),
        redshift.path("user").asText(),
        redshift.path("password").asText(),
        redshift.path("ca").asText(null));
  }

  /** The receiver of events; that of {@link #shared} is there for whoever has emptied it. */
  public EventsControl events() {
    JsonNode events = ready.path("events");
    return new EventsControl(
        URI.create(events.path("url").asText()), events.path("writeKey").asText());
  }

  /** The name that its certificate holds and no DNS knows. */
  public String certificateHost() {
    return ready.path("redshift").path("certificateHost").asText();
  }

  /** The cluster, and the workgroup, that temporary logins are asked of. */
  public String cluster() {
    return ready.path("redshift").path("cluster").asText();
  }

  public String workgroup() {
    return ready.path("redshift").path("workgroup").asText();
  }

  /**
   * The SSH server.
   *
   * @param fingerprints of its host keys, the first of Ed25519
   */
  public record Ssh(
      String host,
      int port,
      String user,
      String password,
      List<String> hostKeys,
      List<String> fingerprints,
      Path knownHosts,
      Path authorizedKeys) {}

  public Ssh ssh() {
    JsonNode ssh = ready.path("ssh");
    return new Ssh(
        ssh.path("host").asText(),
        ssh.path("port").asInt(),
        ssh.path("user").asText(),
        ssh.path("password").asText(),
        texts(ssh.path("hostKeys")),
        texts(ssh.path("fingerprints")),
        Path.of(ssh.path("knownHosts").asText()),
        Path.of(ssh.path("authorizedKeys").asText()));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  public String bucket() {
    return ready.path("s3").path("buckets").path(0).asText();
  }

  /** The role that its owner may assume. */
  public Credentials.Role role() {
    JsonNode role = ready.path("s3").path("roles").path(0);
    return new Credentials.Role(
        role.path("arn").asText(), role.path("externalId").asText(), "penstock-test");
  }

  /** The ARN of a key that objects may be encrypted with. */
  public String kmsKey() {
    return ready.path("s3").path("kmsKeys").path(0).asText();
  }

  public SandboxControl control() {
    return new SandboxControl(URI.create(s3().endpoint()));
  }

  /** A place in the sandbox's bucket. */
  public StoreLocation.Bucket location(String prefix) {
    return new StoreLocation.Bucket(bucket(), prefix, access(new Secret.Literal(s3().secretKey())));
  }

  public S3Access access(Secret secretKey) {
    return new S3Access(
        s3().region(),
        URI.create(s3().endpoint()),
        true,
        RequestChecksums.WHEN_SUPPORTED,
        new Credentials.Keys(s3().accessKey(), secretKey, null),
        new Encryption.None());
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
