package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.jobs.load.LoadLimits;
import io.penstock.jobs.load.RedshiftLoad;
import io.penstock.jobs.load.Transport.CopyTransport;
import io.penstock.jobs.store.ObjectStores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run says about a connection that is not checked, before it makes one. */
class WeakTlsTest {
  private static LoadPlan plan(String mode, String more) {
    String text =
        """
        job = "people"
        sources { a { format = csv, path = "in.csv" } }
        destinations { warehouse {
          type = redshift
          connection {
            host = "wh.example.com", database = "dev", user = "u", password = "p"
            tls.mode = %s
            %s
          }
          staging { bucket = "acme-staging" }
          table { name = t }
        } }
        """
            .formatted(mode, more);
    JobFile job = JobFiles.parse("job.conf", text, Path.of("/jobs"), Overrides.none());
    RunContext run = new RunContext("people", "r", Instant.EPOCH, Optional.empty());
    return ((DestinationPlan.Table) RunPlans.plan(job, run).destinations().get(0)).load();
  }

  private static CopyTransport nothing() {
    StoreLocation nowhere = new StoreLocation.Directory("/nowhere");
    return new CopyTransport(new Nothing(), ObjectStores.open(nowhere), Optional.empty());
  }

  /** Files that are never asked for. */
  private static final class Nothing implements StagedDelivery {
    @Override
    public long rows() {
      throw new AssertionError("nothing is staged");
    }

    @Override
    public DestinationResult publish() {
      throw new AssertionError("nothing is published");
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }

  /** A column that Redshift does not have ends the load before it reaches for the network. */
  private static String said(LoadPlan plan) {
    List<Column> columns = List.of(new Column("ctid", RedshiftType.varchar(9), true, false));
    RedshiftLoad load =
        new RedshiftLoad(
            secret -> "",
            access -> {
              throw new AssertionError("no keys are needed yet");
            },
            LoadLimits.STANDARD);
    try (CaughtLog log = new CaughtLog(Map.of("io.penstock", Level.WARN))) {
      assertThatThrownBy(() -> load.stage(plan, columns, nothing()))
          .isInstanceOf(PenstockException.class)
          .hasMessageContaining("ctid");
      return log.text();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "require | the server is not checked; anybody between may read and answer",
        "disable | passwords and rows travel in clear text",
      })
  void weakModesAreWarnedAboutOnce(String mode, String warning) {
    assertThat(said(plan(mode, "")).lines())
        .containsExactly(
            "WARN RedshiftLoad: connection.tls.mode = "
                + mode
                + " of destination warehouse: "
                + warning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verify-full | ''",
        "verify-ca | ''",
        "disable | endpoint-override = \"127.0.0.1:5439\"",
      })
  void checkedModesAndStandInsAreNot(String mode, String more) {
    assertThat(said(plan(mode, more))).isEmpty();
  }
}
