package io.penstock.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.S3Access.Credentials;
import io.penstock.jobs.testing.DriverProcess;
import io.penstock.jobs.testing.SandboxControl.Request;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.StandaloneCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An executor assumes a role itself, with what its own default chain finds. */
class RoleOnClusterIT {
  private static final Path JAR = Path.of("target", "penstock-jobs.jar").toAbsolutePath();
  private static final String PREFIX = "cluster-role";

  @TempDir private static Path folder;

  @Test
  void driverAndExecutorsAssumeTheRole() throws Exception {
    try (SandboxProcess sandbox = SandboxProcess.start();
        StandaloneCluster cluster =
            StandaloneCluster.start(Files.createDirectory(folder.resolve("spark")), 1)) {
      Files.writeString(folder.resolve("rows.csv"), "id\n1\n2\n3\n", StandardCharsets.UTF_8);
      DriverProcess driver =
          cluster.submit(
              "role",
              JAR,
              settings(credentialsFile(sandbox)),
              Map.of(
                  "AWS_ACCESS_KEY_ID", sandbox.s3().accessKey(),
                  "AWS_SECRET_ACCESS_KEY", sandbox.s3().secretKey()),
              List.of("run", jobFile(sandbox).toString(), "--json"));
      assertThat(driver.result(Duration.ofSeconds(400))).contains("\"succeeded\"");
      assertThat(sandbox.control().requests("AssumeRole")).hasSize(2);
      Set<String> driversKeys = keys(sandbox, "CompleteMultipartUpload");
      Set<String> executorsKeys = keys(sandbox, "UploadPart");
      assertThat(driversKeys).hasSize(1).allMatch(key -> key.startsWith("ASIA"));
      assertThat(executorsKeys)
          .hasSize(1)
          .allMatch(key -> key.startsWith("ASIA"))
          .doesNotContainAnyElementsOf(driversKeys);
    }
  }

  private static Set<String> keys(SandboxProcess sandbox, String operation) {
    return sandbox.control().requests(operation).stream()
        .filter(request -> request.path().contains(PREFIX))
        .map(Request::accessKey)
        .collect(Collectors.toSet());
  }

  private static Map<String, String> settings(Path credentials) {
    return Map.of(
        "spark.driver.host", "127.0.0.1",
        "spark.driver.bindAddress", "127.0.0.1",
        "spark.ui.enabled", "false",
        "spark.executor.memory", "512m",
        "spark.executor.extraJavaOptions", StandaloneCluster.FAST_START,
        "spark.executorEnv.AWS_SHARED_CREDENTIALS_FILE", credentials.toString());
  }

  private static Path credentialsFile(SandboxProcess sandbox) throws Exception {
    return Files.writeString(
        folder.resolve("credentials"),
        """
        [default]
        aws_access_key_id = %s
        aws_secret_access_key = %s
        """
            .formatted(sandbox.s3().accessKey(), sandbox.s3().secretKey()));
  }

  private static Path jobFile(SandboxProcess sandbox) throws Exception {
    Credentials.Role role = sandbox.role();
    return Files.writeString(
        folder.resolve("role.conf"),
        """
        job = "role"
        sources { rows { format = csv, path = "rows.csv", schema = "id INT", options { header = "true" } } }
        destinations {
          exports {
            type = s3, bucket = "%s", prefix = "%s"
            region = "%s", endpoint = "%s", path-style = true
            credentials { type = role, role-arn = "%s", external-id = "%s" }
            format = csv
          }
        }
        """
            .formatted(
                sandbox.bucket(),
                PREFIX,
                sandbox.s3().region(),
                sandbox.s3().endpoint(),
                role.roleArn(),
                role.externalId()));
  }
}
