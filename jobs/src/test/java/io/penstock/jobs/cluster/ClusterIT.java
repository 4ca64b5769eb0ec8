package io.penstock.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.jobs.app.PenstockRun;
import io.penstock.jobs.testing.DriverProcess;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.StandaloneCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One job through {@code spark-submit} of the packaged jar onto a cluster of processes, beside the
 * same job in local mode.
 */
class ClusterIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final Path JAR = Path.of("target", "penstock-jobs.jar").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(600);

  @TempDir static Path folder;

  private static Lake lake = new Lake(Path.of("unset"));
  private static List<String> expected = List.of();
  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    lake = Lake.write(folder.resolve("lake"));
    expected = lake.expected();
    assertThat(expected).hasSize(Lake.CUSTOMERS - Lake.REJECTED);
    cluster = StandaloneCluster.start(Files.createDirectory(folder.resolve("spark")), 2);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void deliversOnAClusterWhatItDeliversInLocalMode() throws Exception {
    DeliveredJob local = new DeliveredJob(SANDBOX, "local", folder.resolve("local"));
    Files.createDirectory(folder.resolve("local"));
    PenstockRun run =
        PenstockRun.run(
            folder, "run", local.writeWithSecrets(lake).toString(), "--run-id", "one", "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode inLocalMode = run.json();
    assertDelivered(local, inLocalMode);

    DeliveredJob job = new DeliveredJob(SANDBOX, "cluster", folder.resolve("cluster"));
    Files.createDirectory(folder.resolve("cluster"));
    DriverProcess driver = submit(job, job.write(lake).toString(), Map.of(), job.secrets());
    Set<String> commandLines = new TreeSet<>();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (driver.process().isAlive() && Instant.now().isBefore(deadline)) {
      commandLines.addAll(cluster.commandLines());
      Thread.sleep(250);
    }
    JsonNode onTheCluster = document(driver.result(Duration.ofSeconds(1)));
    assertDelivered(job, onTheCluster);
    assertThat(DeliveredJob.counts(onTheCluster)).isEqualTo(DeliveredJob.counts(inLocalMode));

    assertThat(commandLines).anyMatch(line -> line.contains("CoarseGrainedExecutorBackend"));
    String shown = String.join("\n", commandLines) + eventLog(job) + cluster.logs();
    assertThat(shown).contains("SparkListenerEnvironmentUpdate").contains("spark.app.name");
    for (String secret : job.secrets().values()) {
      assertThat(shown.contains(secret)).as("a secret is shown").isFalse();
    }
    assertThat(executors(job)).hasSize(2);
  }

  /** The job file and the state are in the bucket here, as on a cluster that comes and goes. */
  @Test
  void aWorkerThatIsKilledWhileTasksWriteChangesNothing() throws Exception {
    DeliveredJob job = new DeliveredJob(SANDBOX, "killed", folder.resolve("killed"));
    Files.createDirectory(folder.resolve("killed"));
    Map<String, String> environment = new TreeMap<>(job.secrets());
    environment.putAll(job.fileSystemSecrets());
    DriverProcess driver =
        submit(job, job.writeToBucket(lake), job.fileSystemSettings(), environment);
    Instant deadline = Instant.now().plus(PATIENCE);
    while (job.openUploads("parquet") < 2) {
      assertThat(driver.process().isAlive()).as(Files.readString(driver.errors())).isTrue();
      assertThat(Instant.now()).isBefore(deadline);
      Thread.sleep(10);
    }
    cluster.killWorker(0);
    try {
      JsonNode result = document(driver.result(PATIENCE));
      assertDelivered(job, result);
      String events = eventLog(job);
      assertThat(events)
          .contains("\"Event\":\"SparkListenerExecutorRemoved\"")
          .contains("\"Reason\":\"ExecutorLostFailure\"");
    } finally {
      cluster.startWorkers(1);
    }
  }

  private static DriverProcess submit(
      DeliveredJob job, String jobFile, Map<String, String> further, Map<String, String> secrets)
      throws Exception {
    Map<String, String> settings = new TreeMap<>(further);
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.executor.memory", "512m");
    settings.put("spark.executor.extraJavaOptions", StandaloneCluster.FAST_START);
    settings.put("spark.eventLog.enabled", "true");
    settings.put("spark.eventLog.compress", "false");
    settings.put("spark.eventLog.dir", Files.createDirectory(job.events()).toUri().toString());
    settings.put("spark.shuffle.io.retryWait", "200ms");
    return cluster.submit(
        job.name(), JAR, settings, secrets, List.of("run", jobFile, "--run-id", "one", "--json"));
  }

  private static void assertDelivered(DeliveredJob job, JsonNode result) throws Exception {
    int rows = expected.size();
    assertThat(result.path("status").asText()).isEqualTo("succeeded");
    assertThat(result.path("rowsRead").asInt()).isEqualTo(Lake.CUSTOMERS);
    assertThat(result.path("rowsRejected").asInt()).isEqualTo(Lake.REJECTED);
    assertThat(result.path("destinations"))
        .hasSize(3)
        .allMatch(destination -> destination.path("rows").asInt() == rows);
    Path copy = Files.createDirectories(job.directory().resolve("copy"));
    assertThat(job.keys(result)).isEqualTo(job.download(copy));
    assertThat(job.parquetRows(copy)).isEqualTo(expected);
    assertThat(job.csvRows(copy)).isEqualTo(expected);
    assertThat(job.tableRows()).isEqualTo(expected);
    assertThat(job.rejectedRows(copy)).isEqualTo(Lake.REJECTED);
    assertThat(job.openUploads("")).isZero();
  }

  private static JsonNode document(String output) throws Exception {
    return new ObjectMapper().readTree(output);
  }

  private static String eventLog(DeliveredJob job) throws Exception {
    StringBuilder events = new StringBuilder();
    try (Stream<Path> files = Files.walk(job.events())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        events.append(Files.readString(file));
      }
    }
    return events.toString();
  }

  /** The executors that ran tasks. */
  private static Set<String> executors(DeliveredJob job) throws Exception {
    Set<String> executors = new TreeSet<>();
    for (String line : eventLog(job).lines().toList()) {
      JsonNode event = document(line);
      if (event.path("Event").asText().equals("SparkListenerTaskEnd")) {
        executors.add(event.path("Task Info").path("Executor ID").asText());
      }
    }
    return executors;
  }
}
