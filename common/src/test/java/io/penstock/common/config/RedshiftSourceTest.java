package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftSource.Ranges;
import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.config.RedshiftSource.Rows;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.schema.TableName;
import io.penstock.common.secret.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a source of format redshift says, and what is refused about it. */
class RedshiftSourceTest {
  private static final String CONNECTION =
      "connection { host = w.example.com, database = dev, user = u, password = p }";

  private static JobFile job(String source, Overrides overrides) {
    String text =
        """
        job = "profiles"
        warehouse { host = shared.example.com, database = dev, user = u, password = p, tls { mode = verify-ca } }
        sources { profiles { format = redshift
          %s
        } }
        destinations {
          out { type = s3, directory = "out", format = csv }
          table {
            type = redshift
            connection = ${warehouse}
            staging { bucket = "acme-staging" }
            table { name = "profiles" }
          }
        }
        """
            .formatted(source);
    return JobFiles.parse("job.conf", text, Path.of("/jobs"), overrides);
  }

  private static RedshiftSource read(String source) {
    return (RedshiftSource) job(source, Overrides.none()).sources().get(0).format();
  }

  @Test
  void readsAllColumnsOverOneConnectionWhereNothingElseIsSaid() {
    RedshiftSource source = read(CONNECTION + ", table = \"sales.profiles\"");

    assertThat(source.rows()).isEqualTo(new Rows.Table(new TableName("sales", "profiles")));
    assertThat(source.reader()).isEqualTo(Reader.AUTO);
    assertThat(source.staging()).isEmpty();
    assertThat(source.unloadCredentials()).isEqualTo(new CopyCredentials.FromStaging());
    assertThat(source.ranges()).isEqualTo(new Ranges(Optional.empty(), 1));
    assertThat(source.connection().tls()).isEqualTo(new Tls(TlsMode.VERIFY_FULL, new Ca.None()));
    assertThat(source.connection().login())
        .isEqualTo(new PasswordLogin("u", new Secret.Literal("p")));
  }

  /** CONTRACT section 3. */
  @Test
  void takesTheConnectionOfABlockThatIsDeclaredElsewhere() {
    RedshiftSource shared = read("connection = ${warehouse}, table = t");
    RedshiftSource destinations =
        read("connection = ${destinations.table.connection}, query = \"select 1 as a\"");

    assertThat(shared.connection().endpoint()).isEqualTo("shared.example.com:5439");
    assertThat(shared.connection().tls().mode()).isEqualTo(TlsMode.VERIFY_CA);
    assertThat(destinations.connection()).isEqualTo(shared.connection());
    assertThat(destinations.rows()).isEqualTo(new Rows.Query("select 1 as a"));
  }

  @Test
  void takesAQueryAsItIsWrittenInAnEditor() {
    RedshiftSource source = read(CONNECTION + ", query = \"select ';' as a -- b\\n;\\n\"");

    assertThat(source.rows()).isEqualTo(new Rows.Query("select ';' as a -- b\n"));
  }

  @Test
  void saysHowTheRowsCome() {
    RedshiftSource source =
        read(
            CONNECTION
                + """
                , table = t, reader = unload
                staging { bucket = tmp-bucket, prefix = "unload/", region = eu-west-1, keep = true }
                unload-credentials { iam-role = "arn:aws:iam::123456789012:role/unload" }
                jdbc { partition-column = id }
                """);

    assertThat(source.reader()).isEqualTo(Reader.UNLOAD);
    assertThat(source.staging().orElseThrow().location()).hasToString("s3://tmp-bucket/unload");
    assertThat(source.staging().orElseThrow().location().access().region()).isEqualTo("eu-west-1");
    assertThat(source.staging().orElseThrow().keep()).isTrue();
    assertThat(source.unloadCredentials())
        .isEqualTo(new CopyCredentials.IamRole("arn:aws:iam::123456789012:role/unload"));
    assertThat(source.ranges()).isEqualTo(new Ranges(Optional.of("id"), 4));
  }

  @Test
  void hasDefaultsOfItsOwn() {
    Overrides overrides =
        new Overrides(
            Map.of(
                "defaults.sources.redshift.connection.port", "5555",
                "defaults.sources.redshift.staging.region", "eu-west-1"),
            Optional.empty());
    JobFile job = job(CONNECTION + ", table = t, staging { bucket = tmp-bucket }", overrides);
    RedshiftSource source = (RedshiftSource) job.sources().get(0).format();

    assertThat(source.connection().port()).isEqualTo(5555);
    assertThat(source.staging().orElseThrow().location().access().region()).isEqualTo("eu-west-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          t | public | t
          sales.T | sales | T
          `"a.b"."c ""d"" e"` | a.b | c "d" e
          größe.tisch | größe | tisch
          """)
  void namesATable(String written, String schema, String table) {
    assertThat(TableName.parse(written)).contains(new TableName(schema, table));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          table = t, query = "select 1" | query | CONFIG_CONFLICT
          reader = jdbc | table | CONFIG_MISSING_KEY
          table = "a.b.c" | table | CONFIG_INVALID_VALUE
          table = "a." | table | CONFIG_INVALID_VALUE
          query = "select 1; select 2" | query | CONFIG_INVALID_VALUE
          query = "select 1;;" | query | CONFIG_INVALID_VALUE
          query = "delete from t" | query | CONFIG_INVALID_VALUE
          query = "select 'open" | query | CONFIG_INVALID_VALUE
          table = t, reader = unload | staging | CONFIG_MISSING_KEY
          table = t, reader = connector | staging | CONFIG_MISSING_KEY
          table = t, reader = spark | reader | CONFIG_INVALID_VALUE
          table = t, raeder = jdbc | raeder | CONFIG_UNKNOWN_KEY
          table = t, staging { bucket = b-1, slices = 2 } | staging.slices | CONFIG_UNKNOWN_KEY
          table = t, staging { bucket = b-1, prefix = "{{now}}" } | staging.prefix | CONFIG_INVALID_VALUE
          table = t, unload-credentials { iam-role = "arn:aws:iam::123456789012:role/r" } | unload-credentials | CONFIG_CONFLICT
          table = t, staging { bucket = b-1 }, unload-credentials { iam-role = r } | unload-credentials.iam-role | CONFIG_INVALID_VALUE
          table = t, jdbc { partitions = 3 } | jdbc.partitions | CONFIG_CONFLICT
          table = t, jdbc { partition-column = id, partitions = 0 } | jdbc.partitions | CONFIG_INVALID_VALUE
          table = t, jdbc { partition-colum = id } | jdbc.partition-colum | CONFIG_UNKNOWN_KEY
          table = t, path = p | path | CONFIG_UNKNOWN_KEY
          """)
  void refuses(String keys, String key, ErrorCode code) {
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> read(CONNECTION + "\n" + keys));

    assertThat(refused).as(keys).isNotNull();
    List<ConfigProblem> problems = refused.problems();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).path()).isEqualTo("sources.profiles." + key);
    assertThat(problems.get(0).code()).isEqualTo(code);
    assertThat(problems.get(0).remedy()).isNotBlank();
  }
}
