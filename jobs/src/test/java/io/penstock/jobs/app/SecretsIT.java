package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.RunContext;
import io.penstock.jobs.aws.TemporaryLogins;
import io.penstock.jobs.deliver.pgp.MadeKeys;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.record.RunRecords;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.testing.Canaries;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.SecretKeys;
import io.penstock.jobs.testing.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFirehoseListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.JsonProtocol;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * Two jobs with a secret of its own in every key that takes one, through every command, with all of
 * them right and with one after the other wrong: no secret is in what is printed, logged, thrown,
 * recorded or written, nor in what Spark tells its listeners, which its event log holds.
 */
class SecretsIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.tunnelled();
  private static final String READER = "secrets_reader";
  private static final Map<String, Level> LEVELS =
      Map.of(
          "io.penstock", Level.ALL,
          "org.apache.spark", Level.INFO,
          "org.apache.hadoop", Level.INFO,
          "org.apache.sshd", Level.INFO,
          "com.amazon.redshift", Level.INFO,
          "software.amazon.awssdk", Level.INFO);

  private static final String READ =
      """
      sources { people { format = csv, path = "people.csv", schema = "id STRING, email STRING" } }
      template {
        columns = [
          { name = "id", from = "id", type = "bigint", nullable = false }
          { name = "email", from = "email", type = "varchar(40)" }
        ]
        on-bad-value = reject
      }
      rejects { to = "s3://$bucket/$job/rejects", max = 5 }
      state = "s3://$bucket/$job/state"
      """;

  private static final String WAREHOUSE =
      """
      type = redshift
      staging {
        $s3, prefix = "$job/staging", format = csv, keep = true
        credentials {
          type = keys, access-key = "$staging-access"
          secret-key = @staging.secret-key@, session-token = @staging.session-token@
        }
      }
      loader = copy
      table { name = "$name" }
      state-schema = "_state_$name"
      """;

  private static final String ADDRESS =
      """
      host = "$host", port = $port, database = "$database", tls { ca = { file = "$ca" } }
      """;

  private static final String TUNNEL =
      """
      host = "$ssh-host", port = $ssh-port, user = "$ssh-user", host-key-fingerprint = "$ssh-print"
      """;

  private static final String FIRST =
      """
      job = "secrets-a"
      $read
      destinations {
        files {
          type = s3, $s3, prefix = "$job/files", format = csv
          credentials {
            type = keys, access-key = "$files-access"
            secret-key = @files.secret-key@, session-token = @files.session-token@
          }
          pgp {
            public-key = @pgp.public-key@
            sign { private-key = @pgp.private-key@, passphrase = @pgp.passphrase@ }
          }
        }
        warehouse {
          $warehouse
          connection {
            $address
            user = "$user", password = @password@
            tunnel {
              $tunnel
              password = @tunnel.password@
              private-key = @tunnel.private-key@, passphrase = @tunnel.passphrase@
            }
          }
          tableau {
            datasource = "people.tds", reader = "$tableau-reader", reader-password = @reader-password@
          }
        }
      }
      """;

  private static final String SECOND =
      """
      job = "secrets-b"
      $read
      destinations {
        warehouse {
          $warehouse
          connection {
            $address
            iam {
              cluster = "$cluster", region = "$region", endpoint = "$endpoint"
              credentials {
                type = keys, access-key = "$iam-access"
                secret-key = @iam.secret-key@, session-token = @iam.session-token@
              }
            }
            user = "$user"
            tunnel { $tunnel, password = { file = "ssh-password" } }
          }
        }
      }
      """;

  @TempDir static Path temporary;

  private static final Canaries CANARIES = new Canaries();
  private static final Map<String, String> RIGHT = new LinkedHashMap<>();
  private static final Map<String, String> WORDS = new LinkedHashMap<>();

  /** What Spark tells of its work: settings, plans, what failed. */
  private static final class Told extends SparkFirehoseListener implements AutoCloseable {
    private final SparkContext spark = LocalSpark.session().sparkContext();
    private final Queue<String> events = new ConcurrentLinkedQueue<>();

    Told() {
      spark.addSparkListener(this);
    }

    @Override
    public void onEvent(SparkListenerEvent event) {
      events.add(JsonProtocol.sparkEventToJsonString(event));
    }

    String text() throws TimeoutException {
      spark.listenerBus().waitUntilEmpty();
      return String.join("\n", events);
    }

    @Override
    public void close() {
      spark.removeSparkListener(this);
    }
  }

  @BeforeAll
  static void secrets() throws Exception {
    Tool keygen = new Tool("ssh-keygen");
    assumeTrue(keygen.isInstalled(), "there is no ssh-keygen");
    words();
    for (String place : List.of("files", "staging", "iam")) {
      Credentials keys = temporaryKeys();
      WORDS.put("$" + place + "-access", keys.accessKeyId());
      RIGHT.put(place + ".secret-key", keys.secretAccessKey());
      RIGHT.put(place + ".session-token", keys.sessionToken());
    }
    RIGHT.put("pgp.public-key", MadeKeys.receiver());
    RIGHT.put("pgp.passphrase", "canary5e2b-of-the-signer");
    RIGHT.put("pgp.private-key", MadeKeys.signer("canary5e2b-of-the-signer"));
    RIGHT.put("password", SANDBOX.redshift().password());
    RIGHT.put("tunnel.password", SANDBOX.ssh().password());
    RIGHT.put("tunnel.passphrase", "canary5e2b-of-the-key");
    RIGHT.put("tunnel.private-key", sshKey(keygen, "canary5e2b-of-the-key"));
    RIGHT.put("reader-password", "Canary5e2bOfTheReader");
    RIGHT.forEach(CANARIES::add);
    execute("CREATE USER " + READER + " PASSWORD '" + RIGHT.get("reader-password") + "'");
    Files.writeString(temporary.resolve("people.csv"), "1,a\n2,b\nthree,c\n");
  }

  private static void words() {
    SandboxProcess.S3 s3 = SANDBOX.s3();
    WORDS.put("$read", READ);
    WORDS.put("$warehouse", WAREHOUSE);
    WORDS.put("$address", ADDRESS);
    WORDS.put("$tunnel", TUNNEL);
    WORDS.put(
        "$s3",
        "bucket = \"$bucket\", region = \"$region\", endpoint = \"$endpoint\", path-style = true");
    WORDS.put("$bucket", SANDBOX.bucket());
    WORDS.put("$region", s3.region());
    WORDS.put("$endpoint", s3.endpoint());
    WORDS.put("$host", SANDBOX.certificateHost());
    WORDS.put("$port", String.valueOf(SANDBOX.redshift().port()));
    WORDS.put("$database", SANDBOX.redshift().database());
    WORDS.put("$user", SANDBOX.redshift().user());
    WORDS.put("$tableau-reader", READER);
    WORDS.put("$cluster", SANDBOX.cluster());
    WORDS.put("$ca", String.valueOf(SANDBOX.redshift().ca()));
    WORDS.put("$ssh-host", SANDBOX.ssh().host());
    WORDS.put("$ssh-port", String.valueOf(SANDBOX.ssh().port()));
    WORDS.put("$ssh-user", SANDBOX.ssh().user());
    WORDS.put("$ssh-print", SANDBOX.ssh().fingerprints().get(0));
  }

  private static Credentials temporaryKeys() {
    SandboxProcess.S3 s3 = SANDBOX.s3();
    try (StsClient sts =
        StsClient.builder()
            .endpointOverride(URI.create(s3.endpoint()))
            .region(Region.of(s3.region()))
            .credentialsProvider(owner())
            .httpClientBuilder(ApacheHttpClient.builder())
            .build()) {
      return sts.assumeRole(
              request ->
                  request
                      .roleArn(SANDBOX.role().roleArn())
                      .externalId(SANDBOX.role().externalId())
                      .roleSessionName("secrets"))
          .credentials();
    }
  }

  private static StaticCredentialsProvider owner() {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(SANDBOX.s3().accessKey(), SANDBOX.s3().secretKey()));
  }

  private static String sshKey(Tool keygen, String passphrase) throws Exception {
    Path file = temporary.resolve("id");
    keygen.out("-q", "-t", "ecdsa", "-m", "PEM", "-N", passphrase, "-f", file.toString());
    String key = Files.readString(file);
    Path publicHalf = temporary.resolve("id.pub");
    Files.writeString(
        SANDBOX.ssh().authorizedKeys(), Files.readString(publicHalf), StandardOpenOption.APPEND);
    Files.delete(file);
    return key;
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = SANDBOX.redshift().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Writes a job file with these secrets, in a folder of its own. */
  private static Path jobFile(String folder, String text, Map<String, String> secrets)
      throws IOException {
    Path own = Files.createDirectories(temporary.resolve(folder));
    Files.copy(temporary.resolve("people.csv"), own.resolve("people.csv"));
    Files.writeString(own.resolve("ssh-password"), secrets.get("tunnel.password") + "\n");
    String job = text.contains("secrets-a") ? "secrets-a" : "secrets-b";
    String filled = text;
    for (Map.Entry<String, String> word : WORDS.entrySet()) {
      filled = filled.replace(word.getKey(), word.getValue());
    }
    for (Map.Entry<String, String> secret : secrets.entrySet()) {
      filled = filled.replace("@" + secret.getKey() + "@", "\"\"\"" + secret.getValue() + "\"\"\"");
    }
    return Files.writeString(
        own.resolve("job.conf"),
        filled.replace("$job", job).replace("$name", job.replace('-', '_')));
  }

  private static JobFile read(Path jobFile) {
    return JobFiles.load(jobFile, Overrides.none());
  }

  @Test
  void everyKeyThatTakesASecretHasOneHere() throws IOException {
    Set<String> missing = new HashSet<>(SecretKeys.possible());
    assertThat(missing).hasSizeGreaterThan(10);
    missing.forEach(System.out::println);
    missing.removeAll(SecretKeys.written(read(jobFile("keys-a", FIRST, RIGHT))));
    missing.removeAll(SecretKeys.written(read(jobFile("keys-b", SECOND, RIGHT))));
    assertThat(missing).isEmpty();
  }

  @Test
  void noneIsSeenWhereAllAreRight() throws Exception {
    for (String text : List.of(FIRST, SECOND)) {
      Path job = jobFile(text.equals(FIRST) ? "right-a" : "right-b", text, RIGHT);
      String seen;
      try (Told told = new Told()) {
        StringBuilder all = new StringBuilder();
        for (List<String> command :
            List.of(
                List.of("check"),
                List.of("plan", "--run-id", "r"),
                List.of("plan", "--run-id", "r", "--json"),
                List.of("verify"),
                List.of("preview"),
                List.of("run", "--run-id", "r", "--json"),
                List.of("run", "--run-id", "r"),
                List.of("history", "--json"),
                List.of("grants"))) {
          long t0 = System.nanoTime();
          PenstockRun run = penstock(job, command);
          System.out.printf("T %s %d%n", command, (System.nanoTime() - t0) / 1000000);
          assertThat(run.exitCode()).as(command + "\n" + run.out() + run.err()).isZero();
          all.append(said(run));
        }
        seen = all + told.text();
      }
      assertThat(seen).contains("SparkListenerSQLExecutionStart", "SSH tunnel to ", "SELECT");
      temporaryPassword(read(job));
      requireNone(seen + files(job) + settings());
    }
    requireNone(objects() + ledgers());
  }

  /** The database password that AWS handed out is in no job file. */
  private static void temporaryPassword(JobFile job) {
    if (((RedshiftDestination) job.destinations().get(job.destinations().size() - 1))
            .connection()
            .login()
        instanceof IamLogin iam) {
      CANARIES.add(
          "temporary password",
          TemporaryLogins.current(iam, SANDBOX.redshift().database(), Stores.secrets()).password());
    }
  }

  @Test
  void noneIsSeenWhereOneIsWrong() throws Exception {
    Set<String> harmless = new HashSet<>();
    for (String key : RIGHT.keySet()) {
      Map<String, String> secrets = new LinkedHashMap<>(RIGHT);
      String wrong = "canary6f3c-not-the-" + key.replace('.', '-');
      secrets.put(key, wrong);
      CANARIES.add("wrong " + key, wrong);
      boolean first = FIRST.contains("@" + key + "@");
      Path job = jobFile("wrong-" + key, first ? FIRST : SECOND, secrets);
      try (Told told = new Told()) {
        long t0 = System.nanoTime();
        PenstockRun verified = penstock(job, List.of("verify", "--json"));
        long t1 = System.nanoTime();
        PenstockRun run = penstock(job, List.of("run", "--run-id", key, "--json"));
        long t2 = System.nanoTime();
        String thrown = thrown(job, key + "-again");
        long t3 = System.nanoTime();
        System.out.printf(
            "T %s verify %d %d run %d %d thrown %d%n%s%n",
            key,
            verified.exitCode(),
            (t1 - t0) / 1000000,
            run.exitCode(),
            (t2 - t1) / 1000000,
            (t3 - t2) / 1000000,
            run.err().lines().reduce((a, b) -> b).orElse(""));
        requireNone(said(verified) + said(run) + thrown + told.text() + files(job));
        if (verified.exitCode() == 0 || run.exitCode() == 0 || thrown.isEmpty()) {
          harmless.add(key);
        }
      }
    }
    // the SSH server takes the key, and Tableau's reader is asked for nothing but its table
    assertThat(harmless).containsExactlyInAnyOrder("tunnel.password", "reader-password");
    requireNone(objects() + ledgers() + settings());
  }

  private static PenstockRun penstock(Path job, List<String> command) {
    List<String> arguments = new ArrayList<>(command);
    arguments.add(1, job.toString());
    return PenstockRun.run(temporary, LEVELS, arguments);
  }

  private static String said(PenstockRun run) {
    return String.join("\n", run.out(), run.err(), run.log());
  }

  /** Everything that a failure of a run says, its causes and what was suppressed too. */
  private static String thrown(Path job, String runId) {
    Throwable failure =
        catchThrowable(
            () -> {
              JobFile file = read(job);
              RunContext context =
                  new RunContext(file.job(), runId, Instant.now(), Optional.empty());
              try (Progress progress = new Progress(System.err, Progress.Style.NONE);
                  ObjectStore state = Stores.open(file.state());
                  JobWiring wiring = new JobWiring(file, progress, ReadFolder.ofRun(file))) {
                new JobRunner(new RunRecords(state, file.job()), wiring, progress)
                    .run(RunPlans.plan(file, context));
              }
            });
    if (failure == null) {
      return "";
    }
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** What was written beside the job file, which holds its secrets. */
  private static String files(Path job) throws IOException {
    StringBuilder contents = new StringBuilder();
    try (Stream<Path> files = Files.walk(job.resolveSibling("."))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("job.conf") && !file.endsWith("ssh-password")) {
          contents.append(file).append('\n');
          contents.append(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return contents.toString();
  }

  private static String settings() {
    SparkContext spark = LocalSpark.session().sparkContext();
    StringBuilder settings = new StringBuilder(Arrays.toString(spark.getConf().getAll()));
    spark.hadoopConfiguration().forEach(settings::append);
    return settings.append(LocalSpark.session().conf().getAll()).toString();
  }

  /** Everything in the bucket: files, staged files, rejected rows, run records. */
  private static String objects() {
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(URI.create(SANDBOX.s3().endpoint()))
            .region(Region.of(SANDBOX.s3().region()))
            .forcePathStyle(true)
            .credentialsProvider(owner())
            .httpClientBuilder(ApacheHttpClient.builder())
            .build()) {
      StringBuilder contents = new StringBuilder();
      for (S3Object object :
          s3.listObjectsV2Paginator(list -> list.bucket(SANDBOX.bucket()).prefix("secrets-"))
              .contents()) {
        contents.append(object.key()).append('\n');
        contents.append(
            new String(
                s3.getObjectAsBytes(get -> get.bucket(SANDBOX.bucket()).key(object.key()))
                    .asByteArray(),
                StandardCharsets.ISO_8859_1));
      }
      assertThat(contents.toString()).contains("result.json", "rows");
      return contents.toString();
    }
  }

  private static String ledgers() throws SQLException {
    StringBuilder rows = new StringBuilder();
    try (Connection connection = SANDBOX.redshift().connect();
        Statement statement = connection.createStatement()) {
      for (String schema : List.of("_state_secrets_a", "_state_secrets_b")) {
        try (ResultSet found = statement.executeQuery("SELECT * FROM " + schema + ".runs")) {
          while (found.next()) {
            for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
              rows.append(found.getString(i)).append('|');
            }
          }
        }
      }
    }
    assertThat(rows.toString()).contains("succeeded");
    return rows.toString();
  }

  private static void requireNone(String seen) {
    assertThat(CANARIES.in(seen)).as("secrets that were left").isEmpty();
  }
}
