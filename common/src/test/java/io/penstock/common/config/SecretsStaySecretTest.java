package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.common.plan.PlanText;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.RunContext;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A canary in every secret key is in nothing that Penstock prints, whatever else is wrong. */
class SecretsStaySecretTest {
  private static final String CANARY = "canary7f3a";
  private static final String JOB =
      """
      job = "profiles"
      sources {
        a { format = csv, path = "in.csv" }
        b {
          format = redshift, table = "t"
          connection { host = "h", database = "dev", user = "u", password = "CANARY" }
          staging { bucket = "acme-tmp", credentials { keys { access-key = "AK", secret-key = "CANARY" } } }
        }
      }
      query = "SELECT * FROM a"
      destinations {
        files {
          type = s3
          bucket = "acme-exports"
          credentials {
            type = keys
            access-key = "AK"
            secret-key = "CANARY"
            session-token = "CANARY"
          }
          format = csv
          pgp {
            public-key = "CANARY"
            sign { private-key = "CANARY", passphrase = "CANARY" }
          }
        }
        warehouse {
          type = redshift
          connection {
            host = "h", database = "dev", user = "u"
            password = "CANARY"
            tunnel {
              host = "bastion", user = "t", host-key-fingerprint = "SHA256:PINNED"
              password = "CANARY"
              private-key = "CANARY"
              passphrase = "CANARY"
            }
          }
          staging {
            bucket = "acme-staging"
            credentials { keys { access-key = "AK", secret-key = "CANARY", session-token = "CANARY" } }
          }
          table { name = "profiles" }
          tableau { datasource = "p.tds", reader = "r", reader-password = "CANARY" }
        }
        crm {
          type = events
          to { http { url = "https://events.example.com/v1/batch", write-key = "CANARY" } }
          identity { user-id = a }
        }
      }
      """
          .replace("PINNED", "n".repeat(43))
          .replace("CANARY", CANARY);

  /** Every text that differs from the job file by one lost character, or one strange one. */
  static Stream<String> damaged() {
    Stream<String> lost =
        IntStream.range(0, JOB.length())
            .filter(i -> "{}\"=,\n".indexOf(JOB.charAt(i)) >= 0)
            .mapToObj(i -> JOB.substring(0, i) + JOB.substring(i + 1));
    Stream<String> strange =
        Stream.of("\"" + CANARY + "\"")
            .flatMap(
                quoted ->
                    Stream.of(
                            CANARY + "@x",
                            "[" + quoted + "]",
                            "{ value = " + quoted + " }",
                            "{ env = " + quoted + ", file = " + quoted + " }",
                            "${x}" + quoted,
                            quoted + " { a = 1 }",
                            CANARY + " : 1",
                            "\"" + CANARY,
                            "\"\\q" + CANARY + "\"",
                            "\"\"\"" + CANARY)
                        .map(damage -> JOB.replace(quoted, damage)));
    return Stream.concat(lost, strange);
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void noProblemShowsASecret(String text) {
    Throwable failure =
        catchThrowable(() -> JobFiles.parse("job.conf", text, Path.of("/tmp"), Overrides.none()));

    if (failure != null) {
      assertThat(failure).isInstanceOf(ConfigurationException.class);
      StringWriter printed = new StringWriter();
      failure.printStackTrace(new PrintWriter(printed));
      assertThat(printed.toString()).doesNotContain(CANARY);
    }
  }

  @Test
  void noDefinitionShowsASecret() {
    for (String value :
        List.of(CANARY, "[" + CANARY + "]", "{" + CANARY, "{ a = " + CANARY + "}")) {
      for (String key :
          List.of("password", "pasword", "password.x", "tunnel.private-key", "tunnel.passphrase")) {
        Overrides overrides =
            new Overrides(
                Map.of("destinations.warehouse.connection." + key, value), Optional.empty());
        Throwable failure =
            catchThrowable(() -> JobFiles.parse("job.conf", JOB, Path.of("/tmp"), overrides));
        assertThat(String.valueOf(failure)).doesNotContain(CANARY);
      }
    }
  }

  @Test
  void noRecordOrPlanShowsASecret() {
    JobFile job = JobFiles.parse("job.conf", JOB, Path.of("/tmp"), Overrides.none());
    RunPlan plan =
        RunPlans.plan(job, new RunContext("profiles", "r1", Instant.EPOCH, Optional.empty()));
    List<Column> columns =
        List.of(new Column("a", RedshiftType.of(RedshiftType.Kind.DATE), true, false));

    assertThat(job.toString()).contains("profiles").doesNotContain(CANARY);
    assertThat(plan.toString()).doesNotContain(CANARY);
    assertThat(PlanText.lines(plan, columns).toString())
        .contains("SECRET_ACCESS_KEY '***'")
        .doesNotContain(CANARY);
    assertThat(PlanText.json(plan, columns).toString()).doesNotContain(CANARY);
  }
}
