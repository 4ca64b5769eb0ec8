package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped job file with every field of the SSH writeback, verified and run against a sandbox
 * that takes encrypted connections through SSH only; and that no secret is left anywhere.
 */
class TunnelledRunIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.tunnelled();
  private static final Path JOB =
      Path.of("..", "conf", "jobs", "redshift-over-ssh.conf").toAbsolutePath().normalize();
  private static final String PASSPHRASE = "canary5e2b-passphrase";
  private static final String CONNECTION = "destinations.warehouse.connection.";
  private static final String TUNNEL = CONNECTION + "tunnel.";
  private static final String STAGING = "destinations.warehouse.staging.";

  @TempDir static Path temporary;
  private static String privateKey = "";

  @BeforeAll
  static void key() throws Exception {
    Tool keygen = new Tool("ssh-keygen");
    assumeTrue(keygen.isInstalled(), "there is no ssh-keygen");
    Path file = temporary.resolve("id");
    keygen.out(
        "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", PASSPHRASE, "-f", file.toString());
    privateKey = Files.readString(file);
    Files.writeString(
        SANDBOX.ssh().authorizedKeys(),
        Files.readString(temporary.resolve("id.pub")),
        StandardOpenOption.APPEND);
  }

  private static Map<String, String> secrets() {
    return Map.of(
        "REDSHIFT_PASSWORD", SANDBOX.redshift().password(),
        "SSH_PASSWORD", SANDBOX.ssh().password(),
        "SSH_PRIVATE_KEY", privateKey,
        "SSH_PASSPHRASE", PASSPHRASE,
        "STAGING_SECRET_KEY", SANDBOX.s3().secretKey());
  }

  private static Map<String, String> definitions(Path folder) {
    Map<String, String> definitions = new LinkedHashMap<>();
    definitions.put(CONNECTION + "host", SANDBOX.certificateHost());
    definitions.put(CONNECTION + "port", String.valueOf(SANDBOX.redshift().port()));
    definitions.put(CONNECTION + "database", SANDBOX.redshift().database());
    definitions.put(CONNECTION + "user", SANDBOX.redshift().user());
    definitions.put(CONNECTION + "tls.ca.url", "file://" + SANDBOX.redshift().ca());
    definitions.put(TUNNEL + "host", SANDBOX.ssh().host());
    definitions.put(TUNNEL + "port", String.valueOf(SANDBOX.ssh().port()));
    definitions.put(TUNNEL + "user", SANDBOX.ssh().user());
    definitions.put(TUNNEL + "host-key-fingerprint", SANDBOX.ssh().fingerprints().get(0));
    definitions.put(STAGING + "bucket", SANDBOX.bucket());
    definitions.put(STAGING + "endpoint", SANDBOX.s3().endpoint());
    definitions.put(STAGING + "path-style", "true");
    definitions.put(STAGING + "credentials.access-key", SANDBOX.s3().accessKey());
    definitions.put("destinations.warehouse.table.name", "tunnelled");
    definitions.put("destinations.warehouse.state-schema", "_state_tunnelled");
    definitions.put("state", folder.resolve("state").toString());
    return definitions;
  }

  /** Everything it writes goes below the folder. */
  private static PenstockProcess start(
      Path folder, String command, Map<String, String> definitions, Map<String, String> secrets)
      throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("tmp"));
    Path events = Files.createDirectories(folder.resolve("events"));
    Map<String, String> environment = new LinkedHashMap<>(secrets);
    environment.put(
        "JAVA_TOOL_OPTIONS",
        "-Djava.io.tmpdir=%s -Dspark.local.dir=%s -Dspark.eventLog.enabled=true -Dspark.eventLog.dir=%s"
            .formatted(scratch, scratch, events));
    List<String> arguments = new ArrayList<>(List.of(command, JOB.toString(), "--run-id", "r"));
    definitions.forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
    return PenstockProcess.start(folder, environment, arguments);
  }

  @Test
  void everyFieldVerifiesAndRunsAndLeavesNoSecret() throws Exception {
    Path folder = Files.createDirectories(temporary.resolve("whole"));
    PenstockProcess verified = start(folder, "verify", definitions(folder), secrets());
    assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
    assertThat(verified.out())
        .containsSubsequence(
            "SSH: reachable", "SSH: host key known", "SSH: login", "Verifying connection");

    PenstockProcess run = start(folder, "run", definitions(folder), secrets());
    TreeSet<String> commandLines = new TreeSet<>();
    while (run.isAlive()) {
      commandLines.addAll(commandLines());
      Thread.sleep(100);
    }
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(rows()).isEqualTo(4);

    String everything =
        String.join("\n", verified.out(), verified.err(), run.out(), run.err())
            + String.join("\n", commandLines)
            + contents(folder);
    assertThat(everything).contains("SSH tunnel to " + SANDBOX.certificateHost());
    assertThat(secretParts()).hasSizeGreaterThan(10);
    for (String part : secretParts()) {
      assertThat(everything.contains(part)).as("a secret was left").isFalse();
    }
  }

  /** The secrets, and of the private key every line. */
  private static List<String> secretParts() {
    List<String> parts = new ArrayList<>();
    secrets()
        .forEach(
            (name, secret) ->
                secret
                    .lines()
                    .filter(line -> !line.startsWith("---") && !line.contains(": "))
                    .filter(line -> line.length() > 15)
                    .forEach(parts::add));
    return parts;
  }

  private static List<String> commandLines() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.toList()) {
        try {
          found.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
          continue;
        }
      }
    }
    return found;
  }

  private static String contents(Path folder) throws IOException {
    StringBuilder contents = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return contents.toString();
  }

  private static int rows() throws SQLException {
    try (Connection connection = SANDBOX.redshift().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM public.tunnelled")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** In this JVM, whose environment has no secrets: they are given as definitions. */
  private static PenstockRun verify(
      Path folder, Map<String, String> definitions, Map<String, String> secrets) {
    List<String> arguments = new ArrayList<>(List.of("verify", JOB.toString(), "--run-id", "r"));
    Map<String, String> all = new LinkedHashMap<>(definitions);
    all.put(CONNECTION + "password", secrets.get("REDSHIFT_PASSWORD"));
    all.put(TUNNEL + "password", secrets.get("SSH_PASSWORD"));
    all.put(TUNNEL + "private-key", secrets.get("SSH_PRIVATE_KEY"));
    all.put(TUNNEL + "passphrase", secrets.get("SSH_PASSPHRASE"));
    all.put(STAGING + "credentials.secret-key", secrets.get("STAGING_SECRET_KEY"));
    all.forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
    return PenstockRun.run(folder, arguments);
  }

  @Test
  void aPinThatIsNotTheServersIsToldByVerification() throws Exception {
    Path folder = Files.createDirectories(temporary.resolve("pin"));
    Map<String, String> definitions = definitions(folder);
    definitions.put(TUNNEL + "host-key-fingerprint", "SHA256:" + "A".repeat(43));
    PenstockRun verified = verify(folder, definitions, secrets());

    assertThat(verified.exitCode()).isEqualTo(3);
    assertThat(verified.out())
        .containsPattern(
            "failed +destinations.warehouse +SSH: host key known: .*host-key-fingerprint")
        .containsPattern("skipped +destinations.warehouse +SSH: login")
        .containsPattern("skipped +destinations.warehouse +Verifying connection");
  }

  @Test
  void aWrongPasswordIsToldByVerification() throws Exception {
    Path folder = Files.createDirectories(temporary.resolve("password"));
    Map<String, String> wrong = new LinkedHashMap<>(secrets());
    wrong.put("SSH_PASSPHRASE", "canary5e2b-wrong-passphrase");
    PenstockRun verified = verify(folder, definitions(folder), wrong);

    assertThat(verified.exitCode()).isEqualTo(3);
    assertThat(verified.out())
        .containsPattern(
            "failed +destinations.warehouse +SSH: login: .*connection.tunnel.passphrase");
    assertThat(verified.out() + verified.err() + contents(folder)).doesNotContain("canary5e2b");
  }
}
