package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftDestination.Grant;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.SourceConfig.SourceFormat;
import io.penstock.common.config.TemplateConfig.BadValue;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.secret.Secret;
import io.penstock.common.text.TextDialect.QuoteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFilesTest {
  private static final Path FULL = Path.of("src/test/resources/jobs/full.conf").toAbsolutePath();
  private static final String SMALL =
      """
      job = "small"
      sources { a { format = parquet, path = "a" } }
      destinations { out { type = s3, directory = "out", format = ndjson } }
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void readsSourcesAndTemplateOfAFullJobFile() {
    JobFile job = JobFiles.load(FULL, Overrides.none());

    assertThat(job.job()).isEqualTo("customer-profiles");
    assertThat(job.sources())
        .extracting(SourceConfig::name)
        .containsExactly("customers", "orders", "crm", "dims");
    assertThat(job.sources().get(0).format())
        .isEqualTo(
            new SourceFormat.Delta("s3a://lake/customers", Optional.of(12L), Optional.empty()));
    assertThat(job.sources().get(2).format())
        .isEqualTo(
            new SourceFormat.Files(
                "csv",
                FULL.resolveSibling("crm.csv").toString(),
                Optional.of("id BIGINT, email STRING"),
                Map.of("header", "true")));
    TemplateConfig template = job.template().orElseThrow();
    assertThat(template.onBadValue()).isEqualTo(BadValue.NULL);
    assertThat(template.columns().get(0).pii()).isTrue();
    assertThat(template.columns().get(0).nullable()).isFalse();
    assertThat(template.columns().get(1).nullable()).isTrue();
    assertThat(job.spark())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("spark.sql.ansi.enabled", "true", "spark.sql.shuffle.partitions", "8"));
    assertThat(job.state())
        .isEqualTo(new StoreLocation.Directory(FULL.resolveSibling("state").toString()));
  }

  @Test
  void readsDestinationsOfAFullJobFile() {
    JobFile job = JobFiles.load(FULL, Overrides.none());

    assertThat(job.destinations())
        .extracting(DestinationConfig::name)
        .containsExactly("exports", "table", "local");
    S3Destination exports = (S3Destination) job.destinations().get(0);
    S3Access access = ((StoreLocation.Bucket) exports.location()).access();
    assertThat(access.region()).isEqualTo("eu-central-1");
    assertThat(access.pathStyle()).isTrue();
    assertThat(access.credentials())
        .isEqualTo(
            new S3Access.Credentials.Keys(
                "AK",
                new Secret.SecretFile(FULL.resolveSibling("secret.txt").toString()),
                new Secret.Ssm("/token")));
    assertThat(access.encryption()).isEqualTo(new S3Access.Encryption.SseKms("k"));
    assertThat(exports.doneFile()).isEmpty();
    assertThat(((OutputFormat.Text) exports.format()).dialect().quoteMode())
        .isEqualTo(QuoteMode.ALL_NON_NULL);
    RedshiftDestination table = (RedshiftDestination) job.destinations().get(1);
    assertThat(table.connection().tls()).isEqualTo(new Tls(TlsMode.VERIFY_CA, new Ca.None()));
    assertThat(table.connection().port()).isEqualTo(5439);
    assertThat(table.connection().login())
        .isEqualTo(new PasswordLogin("penstock", new Secret.Environment("WAREHOUSE_PASSWORD")));
    assertThat(table.copyCredentials())
        .isEqualTo(new CopyCredentials.IamRole("arn:aws:iam::123456789012:role/copy"));
    assertThat(table.staging().location().access().credentials())
        .isEqualTo(new S3Access.Credentials.Role("arn:aws:iam::123456789012:role/r", null, null));
    assertThat(table.write()).isEqualTo(Write.OVERWRITE);
    assertThat(table.table().grants()).containsExactly(new Grant("select", "tableau_reader"));
    assertThat(table.tableau())
        .contains(
            new TableauConfig(
                FULL.resolveSibling("out/profiles.tds").toString(),
                "tableau_reader",
                Optional.of(new Secret.Environment("READER"))));
    S3Destination local = (S3Destination) job.destinations().get(2);
    assertThat(local.location())
        .isEqualTo(new StoreLocation.Directory(FULL.resolveSibling("out").toString()));
    assertThat(local.prefix()).hasToString("{{job}}");
    assertThat(local.doneFile()).contains(".DONE");
  }

  @Test
  void reachesRejectsAsTheDestinationWithTheSameBucketIsReached() {
    JobFile job = JobFiles.load(FULL, Overrides.none());

    S3Destination exports = (S3Destination) job.destinations().get(0);
    StoreLocation.Bucket rejects = (StoreLocation.Bucket) job.rejects().to().orElseThrow();
    assertThat(rejects.prefix()).isEqualTo("rejects");
    assertThat(rejects.access()).isEqualTo(((StoreLocation.Bucket) exports.location()).access());
  }

  @Test
  void takesDefinitionsBeforeOverlayBeforeFileBeforeDefaults() throws IOException {
    Path file = write("job.conf", SMALL + "state = file\nrejects { max = 0 }\n");
    Path overlay = write("env.conf", "state = overlay\ndefaults.s3.mode = append");

    JobFile plain = JobFiles.load(write("plain.conf", SMALL), Overrides.none());
    JobFile ofFile = JobFiles.load(file, Overrides.none());
    JobFile ofOverlay = JobFiles.load(file, new Overrides(Map.of(), Optional.of(overlay)));
    JobFile ofDefinition =
        JobFiles.load(
            file,
            new Overrides(
                Map.of(
                    "state", "defined",
                    "destinations.out.mode", "fail-if-exists",
                    "destinations.out.partition-by", "[a, b]",
                    "destinations.out.done-file", "null"),
                Optional.of(overlay)));

    assertThat(plain.state()).hasToString(folder.resolve(".penstock").toString());
    assertThat(ofFile.state()).hasToString(folder.resolve("file").toString());
    assertThat(ofOverlay.state()).hasToString(folder.resolve("overlay").toString());
    assertThat(ofDefinition.state()).hasToString(folder.resolve("defined").toString());
    assertThat(files(ofFile).mode()).isEqualTo(WriteMode.OVERWRITE);
    assertThat(files(ofOverlay).mode()).isEqualTo(WriteMode.APPEND);
    assertThat(files(ofDefinition).mode()).isEqualTo(WriteMode.FAIL_IF_EXISTS);
    assertThat(files(ofDefinition).partitionBy()).containsExactly("a", "b");
    assertThat(files(ofDefinition).doneFile()).isEmpty();
    assertThat(files(ofFile).doneFile()).contains(".DONE");
  }

  @Test
  void namesTheDefinitionThatIsWrong() throws IOException {
    List<ConfigProblem> problems =
        problems(
            write("job.conf", SMALL),
            new Overrides(Map.of("destinations.out.mod", "append"), Optional.empty()));

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0))
        .hasToString(
            "-D destinations.out.mod: CONFIG_UNKNOWN_KEY destinations.out.mod: is not a key of"
                + " this block; did you mean mode?");
  }

  @Test
  void includesFilesRelativeToTheIncludingFile() throws IOException {
    Files.createDirectories(folder.resolve("shared"));
    write("shared/a.conf", "include file(\"b.conf\")\nstate = a");
    write("shared/b.conf", "destinations { out { mode = append } }");
    Path file = write("job.conf", SMALL + "include \"shared/a.conf\"\n");

    JobFile job = JobFiles.load(file, Overrides.none());

    assertThat(files(job).mode()).isEqualTo(WriteMode.APPEND);
    assertThat(job.state()).hasToString(folder.resolve("a").toString());
  }

  @Test
  void placesAProblemInTheIncludedFile() throws IOException {
    Path included = write("a.conf", "\nstatus = a");
    Path file = write("job.conf", SMALL + "include \"a.conf\"\n");

    List<ConfigProblem> problems = problems(file, Overrides.none());

    assertThat(problems)
        .extracting(ConfigProblem::file, ConfigProblem::line, ConfigProblem::column)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(included.toString(), 2, 1));
  }

  @Test
  void refusesEveryRemoteInclude() throws IOException {
    for (String include :
        List.of(
            "url(\"http://127.0.0.1:1/x\")",
            "\"http://127.0.0.1:1/x\"",
            "required(url(\"https://127.0.0.1:1/x\"))",
            "classpath(\"penstock-reference.conf\")")) {
      List<ConfigProblem> problems =
          problems(write("job.conf", SMALL + "include " + include), Overrides.none());

      assertThat(problems)
          .as(include)
          .extracting(ConfigProblem::code)
          .containsExactly(ErrorCode.CONFIG_REMOTE_INCLUDE);
      assertThat(problems.get(0).line()).isEqualTo(4);
    }
  }

  @Test
  void refusesACircleOfIncludes() throws IOException {
    write("a.conf", "include \"b.conf\"");
    write("b.conf", "include \"a.conf\"");

    List<ConfigProblem> problems =
        problems(write("job.conf", SMALL + "include \"a.conf\""), Overrides.none());

    assertThat(problems)
        .extracting(ConfigProblem::problem)
        .containsExactly("the file includes itself");
  }

  @Test
  void allowsTopLevelBlocksThatAreSubstitutedOnly() throws IOException {
    String used = SMALL + "shared { mode = append }\ndestinations { out = ${shared} }";
    String unused = SMALL + "shared { mode = append }";
    String definitions = SMALL + "definitions { shared { mode = append } }";

    assertThat(files(JobFiles.load(write("a.conf", used), Overrides.none())).mode())
        .isEqualTo(WriteMode.APPEND);
    assertThat(problems(write("b.conf", unused), Overrides.none()))
        .extracting(ConfigProblem::code)
        .containsExactly(ErrorCode.CONFIG_UNKNOWN_KEY);
    assertThat(JobFiles.load(write("c.conf", definitions), Overrides.none()).job())
        .isEqualTo("small");
  }

  @Test
  void takesSparkSettingsThatNameAProviderOfCredentials() throws IOException {
    String key = "spark.hadoop.fs.s3a.aws.credentials.provider";
    JobFile job =
        JobFiles.load(
            write("job.conf", SMALL + "spark { \"" + key + "\" = \"a.B\" }"), Overrides.none());

    assertThat(job.spark()).containsExactly(Map.entry(key, "a.B"));
  }

  @Test
  void readsEveryWayToWriteAVariant() throws IOException {
    String out = "destinations { out { type = s3, directory = null, bucket = acme, %s } }";
    for (String written :
        List.of(
            "encryption-at-rest { type = sse-kms, key-id = k }",
            "encryption-at-rest { sse-kms { key-id = k } }")) {
      S3Destination files =
          files(JobFiles.load(write("job.conf", SMALL + out.formatted(written)), Overrides.none()));
      assertThat(((StoreLocation.Bucket) files.location()).access().encryption())
          .isEqualTo(new S3Access.Encryption.SseKms("k"));
    }
    for (String written :
        List.of("files { type = split, rows = 5 }", "files { split { rows = 5 } }")) {
      String numbered = written + ", file-name = \"a_{{file_number}}\"";
      assertThat(
              files(
                      JobFiles.load(
                          write("job.conf", SMALL + out.formatted(numbered)), Overrides.none()))
                  .files())
          .isEqualTo(new FileCount.SplitRows(5));
    }
  }

  @Test
  void readsTheQueryFileBesideTheJobFile() throws IOException {
    write("q.sql", "SELECT 1");

    JobFile job =
        JobFiles.load(write("job.conf", SMALL + "query-file = \"q.sql\""), Overrides.none());

    assertThat(job.query()).contains("SELECT 1");
  }

  @Test
  void resolvesPathsOfAJobFileInABucketAgainstItsPrefix() {
    JobFile job =
        JobFiles.parse(
            "s3://jobs/daily/job.conf",
            "job = x, sources { a { format = csv, path = in.csv } }, query-file = q.sql\n"
                + "destinations { out { type = s3, bucket = out-bucket, format = csv } }",
            "s3://jobs/daily",
            Overrides.none(),
            location -> "SELECT '" + location + "'");

    assertThat(job.query()).contains("SELECT 's3://jobs/daily/q.sql'");
    assertThat(((SourceFormat.Files) job.sources().get(0).format()).path())
        .isEqualTo("s3://jobs/daily/in.csv");
    assertThat(job.state()).hasToString("s3://jobs/daily/.penstock");
  }

  @Test
  void reportsAMissingJobFile() {
    assertThat(problems(folder.resolve("none.conf"), Overrides.none()))
        .extracting(ConfigProblem::code)
        .containsExactly(ErrorCode.CONFIG_FILE_UNREADABLE);
  }

  @Test
  void keepsTheOrderOfDestinationsThatAreSubstitutions() throws IOException {
    Path file =
        write(
            "job.conf",
            """
            z { type = s3, directory = "z", format = csv }
            b { type = s3, directory = "b", format = csv }
            job = x, sources { a { format = csv, path = "in.csv" } }
            destinations {
              second = ${b}
              first = ${z}
            }
            """);

    assertThat(JobFiles.load(file, Overrides.none()).destinations())
        .extracting(DestinationConfig::name)
        .containsExactly("second", "first");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static S3Destination files(JobFile job) {
    return (S3Destination) job.destinations().get(0);
  }

  private static List<ConfigProblem> problems(Path file, Overrides overrides) {
    return catchThrowableOfType(ConfigurationException.class, () -> JobFiles.load(file, overrides))
        .problems();
  }
}
