package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.common.config.DestinationConfig;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.SourceConfig;
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
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.logging.log4j.Level;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFirehoseListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.util.JsonProtocol;
import org.junit.jupiter.api.AfterAll;
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
 * Jobs with a secret in every key that takes one, through every command, with all of them right and
 * with one after the other wrong: no secret is in what is printed, logged, thrown, recorded or
 * written, nor in what Spark tells its listeners, which its event log holds.
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

  private static final String LOGIN =
      """
      $address
      user = "$user", password = @password@
      tunnel {
        $tunnel
        password = @tunnel.password@
        private-key = @tunnel.private-key@, passphrase = @tunnel.passphrase@
      }
      """;

  private static final String IAM =
      """
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
      """;

  private static final String UNLOADED =
      """
      format = redshift, table = "public.secrets_people"
      staging {
        $s3, prefix = "$job/$folder/unload", keep = true
        credentials {
          type = keys, access-key = "$staging-access"
          secret-key = @staging.secret-key@, session-token = @staging.session-token@
        }
      }
      """;

  private static final String FILES =
      """
      credentials {
        type = keys, access-key = "$files-access"
        secret-key = @files.secret-key@, session-token = @files.session-token@
      }
      pgp {
        public-key = @pgp.public-key@
        sign { private-key = @pgp.private-key@, passphrase = @pgp.passphrase@ }
      }
      """;

  private static final String FIRST =
      """
      job = "secrets-a"
      $read
      destinations {
        files {
          type = s3, $s3, prefix = "$job/files", format = csv
          $files
        }
        warehouse {
          $warehouse
          connection { $login }
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
          connection { $iam }
        }
      }
      """;

  private static final String THIRD =
      """
      job = "secrets-c"
      sources {
        people {
          $unloaded
          reader = unload
          connection { $login }
        }
      }
      sync {
        mode = upsert, keys = [id]
        state { path = "s3://$bucket/$job/$folder/sync" }
      }
      destinations {
        crm {
          type = events
          to { http { url = "$receiver", write-key = @write-key@ } }
          identity { user-id = id }
          requests-per-second = null, retries = 0
        }
        lines {
          type = events
          to {
            s3 {
              $s3, prefix = "$job/$folder/lines"
              $files
            }
          }
          identity { user-id = id }
        }
      }
      state = "s3://$bucket/$job/$folder/state"
      """;

  /** Its sync keeps its state in Redshift. */
  private static final String FOURTH =
      """
      job = "secrets-d"
      sources {
        people {
          $unloaded
          reader = jdbc
          connection { $iam }
        }
      }
      sync { mode = upsert, keys = [id], state { schema = "_state_$name" } }
      destinations { out { type = s3, directory = "out", format = csv } }
      """;

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("check"),
          List.of("plan", "--run-id", "r"),
          List.of("plan", "--run-id", "r", "--json"),
          List.of("verify"),
          List.of("preview"),
          List.of("run", "--run-id", "r", "--json"),
          List.of("run", "--run-id", "r"),
          List.of("preview", "--diff"),
          List.of("history", "--json"),
          List.of("grants"));

  private static final List<String> LEDGERS =
      List.of("_state_secrets_a.runs", "_state_secrets_b.runs");

  private static final List<String> SYNCED =
      List.of(
          "_state_secrets_d.\"penstock_secrets-d_state\"",
          "_state_secrets_d.\"penstock_secrets-d_sync_log\"");

  @TempDir static Path temporary;

  private static final Canaries CANARIES = new Canaries();
  private static final Map<String, String> RIGHT = new LinkedHashMap<>();
  private static final Map<String, String> WORDS = new LinkedHashMap<>();

  /** A job with one secret that is wrong. */
  private record Mistake(String text, String key) {
    String folder() {
      return "wrong-" + name(text) + "-" + key;
    }
  }

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
    RIGHT.put("write-key", SANDBOX.events().writeKey());
    RIGHT.forEach(CANARIES::add);
    execute("CREATE USER " + READER + " PASSWORD '" + RIGHT.get("reader-password") + "'");
    execute("CREATE TABLE public.secrets_people (id INTEGER, email VARCHAR(40))");
    execute("INSERT INTO public.secrets_people VALUES (1, 'a'), (2, 'b')");
    Files.writeString(temporary.resolve("people.csv"), "1,a\n2,b\nthree,c\n");
    s3a("access.key", SANDBOX.s3().accessKey());
    s3a("secret.key", SANDBOX.s3().secretKey());
  }

  /** What a cluster would have from its own identity. */
  private static void s3a(String key, String value) {
    hadoop().set("fs.s3a.bucket." + SANDBOX.bucket() + "." + key, value);
  }

  private static Configuration hadoop() {
    return LocalSpark.session().sparkContext().hadoopConfiguration();
  }

  /** Another test's bucket may have the same name. */
  @AfterAll
  static void forgetBucket() throws IOException {
    FileSystem.get(URI.create("s3a://" + SANDBOX.bucket()), hadoop()).close();
    hadoop().unset("fs.s3a.bucket." + SANDBOX.bucket() + ".access.key");
    hadoop().unset("fs.s3a.bucket." + SANDBOX.bucket() + ".secret.key");
  }

  private static void words() {
    SandboxProcess.S3 s3 = SANDBOX.s3();
    WORDS.put("$read", READ);
    WORDS.put("$warehouse", WAREHOUSE);
    WORDS.put("$unloaded", UNLOADED);
    WORDS.put("$files\n", FILES);
    WORDS.put("$login", LOGIN);
    WORDS.put("$iam }", IAM + "}");
    WORDS.put("$receiver", SANDBOX.events().url().toString());
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

  private static String name(String text) {
    return text.split("\"", 3)[1];
  }

  /** The text with all but its secrets, and what is not the same in each job file. */
  private static String spelled(String text) {
    String spelled = text;
    for (Map.Entry<String, String> word : WORDS.entrySet()) {
      spelled = spelled.replace(word.getKey(), word.getValue());
    }
    return spelled;
  }

  /** Writes a job file with these secrets, in a folder of its own. */
  private static Path jobFile(String folder, String text, Map<String, String> secrets)
      throws IOException {
    Path own = Files.createDirectories(temporary.resolve(folder));
    Files.copy(temporary.resolve("people.csv"), own.resolve("people.csv"));
    Files.writeString(own.resolve("ssh-password"), secrets.get("tunnel.password") + "\n");
    String job = name(text);
    String filled = spelled(text);
    for (Map.Entry<String, String> secret : secrets.entrySet()) {
      filled = filled.replace("@" + secret.getKey() + "@", "\"\"\"" + secret.getValue() + "\"\"\"");
    }
    return Files.writeString(
        own.resolve("job.conf"),
        filled
            .replace("$job", job)
            .replace("$name", job.replace('-', '_'))
            .replace("$folder", folder));
  }

  private static JobFile read(Path jobFile) {
    return JobFiles.load(jobFile, Overrides.none());
  }

  @Test
  void everyKeyThatTakesASecretHasOneHere() throws IOException {
    Set<String> missing = new HashSet<>(SecretKeys.possible());
    assertThat(missing).hasSizeGreaterThan(10);
    for (String text : List.of(FIRST, SECOND, THIRD, FOURTH)) {
      missing.removeAll(SecretKeys.written(read(jobFile("keys-" + name(text), text, RIGHT))));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void noneIsSeenWhereAllAreRight() throws Exception {
    for (String text : List.of(FIRST, SECOND, THIRD, FOURTH)) {
      Path job = jobFile("right-" + name(text), text, RIGHT);
      JobFile file = read(job);
      String seen;
      try (Told told = new Told()) {
        StringBuilder all = new StringBuilder();
        for (List<String> command : COMMANDS) {
          if (file.sync().isEmpty() && command.contains("--diff")) {
            continue;
          }
          PenstockRun run = penstock(job, command);
          assertThat(run.exitCode()).as(command + "\n" + run.out() + run.err()).isZero();
          all.append(said(run));
        }
        seen = all + told.text();
      }
      assertThat(seen).contains("SparkListenerSQLExecutionStart", "SSH tunnel to ", "SELECT");
      temporaryPasswords(file);
      requireNone(seen + files(job) + settings());
    }
    requireNone(objects() + rows(LEDGERS) + rows(SYNCED));
  }

  /** The database passwords that AWS handed out are in no job file. */
  private static void temporaryPasswords(JobFile job) {
    for (SourceConfig source : job.sources()) {
      if (source.format() instanceof RedshiftSource redshift) {
        temporaryPassword(redshift.connection());
      }
    }
    for (DestinationConfig destination : job.destinations()) {
      if (destination instanceof RedshiftDestination redshift) {
        temporaryPassword(redshift.connection());
      }
    }
  }

  private static void temporaryPassword(RedshiftConnection connection) {
    if (connection.login() instanceof IamLogin iam) {
      CANARIES.add(
          "temporary password",
          TemporaryLogins.current(iam, SANDBOX.redshift().database(), Stores.secrets()).password());
    }
  }

  /** Each secret in the first job that has it, and those of a source in a job that reads one. */
  private static List<Mistake> mistakes() {
    List<Mistake> mistakes = new ArrayList<>();
    for (String key : RIGHT.keySet()) {
      Stream.of(SECOND, FIRST, THIRD)
          .filter(text -> spelled(text).contains("@" + key + "@"))
          .findFirst()
          .ifPresent(text -> mistakes.add(new Mistake(text, key)));
    }
    assertThat(mistakes).hasSameSizeAs(RIGHT.keySet());
    mistakes.add(new Mistake(THIRD, "password"));
    mistakes.add(new Mistake(THIRD, "staging.secret-key"));
    return mistakes;
  }

  @Test
  void noneIsSeenWhereOneIsWrong() throws Exception {
    Set<String> harmless = new HashSet<>();
    for (Mistake mistake : mistakes()) {
      String key = mistake.key();
      Map<String, String> secrets = new LinkedHashMap<>(RIGHT);
      String wrong = "canary6f3c-not-the-" + key.replace('.', '-');
      secrets.put(key, wrong);
      CANARIES.add("wrong " + key, wrong);
      Path job = jobFile(mistake.folder(), mistake.text(), secrets);
      try (Told told = new Told()) {
        PenstockRun verified = penstock(job, List.of("verify", "--json"));
        PenstockRun run = penstock(job, List.of("run", "--run-id", key, "--json"));
        String thrown = thrown(job, key + "-again");
        requireNone(said(verified) + said(run) + thrown + told.text() + files(job));
        if (verified.exitCode() == 0 || run.exitCode() == 0 || thrown.isEmpty()) {
          harmless.add(mistake.folder());
        }
      }
    }
    // the SSH server takes the key, and Tableau's reader is asked for nothing but its table
    assertThat(harmless)
        .containsExactlyInAnyOrder(
            "wrong-secrets-a-tunnel.password", "wrong-secrets-a-reader-password");
    requireNone(objects() + rows(LEDGERS) + settings());
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

  private static String rows(List<String> tables) throws SQLException {
    StringBuilder rows = new StringBuilder();
    try (Connection connection = SANDBOX.redshift().connect();
        Statement statement = connection.createStatement()) {
      for (String table : tables) {
        try (ResultSet found = statement.executeQuery("SELECT * FROM " + table)) {
          while (found.next()) {
            for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
              rows.append(found.getString(i)).append('|');
            }
          }
        }
      }
    }
    assertThat(rows.toString()).isNotEmpty();
    return rows.toString();
  }

  private static void requireNone(String seen) {
    assertThat(CANARIES.in(seen)).as("secrets that were left").isEmpty();
  }
}
