package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.S3Destination.Changes;
import io.penstock.common.config.SyncConfig.Cursor;
import io.penstock.common.config.SyncConfig.Mode;
import io.penstock.common.config.SyncConfig.StateLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyncConfigTest {
  private static final String JOB =
      """
      job = "profiles"
      sources { a { format = csv, path = "in.csv" } }
      sync { mode = upsert, keys = [id, "Region"], cursor = changed, lag = 0s, state { path = "kept" } }
      destinations {
        files { type = s3, bucket = "acme-exports", region = eu-west-1, format = csv }
        apart { type = s3, bucket = "acme-exports", prefix = apart, format = csv, changes = separate }
      }
      """;

  private static JobFile job(Map<String, String> definitions) {
    return JobFiles.parse(
        "job.conf", JOB, Path.of("/jobs"), new Overrides(definitions, Optional.empty()));
  }

  @Test
  void readsTheBlock() {
    SyncConfig sync = job(Map.of()).sync().orElseThrow();

    assertThat(sync.mode()).isEqualTo(Mode.UPSERT);
    assertThat(sync.keys()).containsExactly("id", "Region");
    assertThat(sync.cursor()).contains(new Cursor("changed", Duration.ZERO));
    assertThat(sync.state())
        .isEqualTo(new StateLocation.Path(new StoreLocation.Directory("/jobs/kept")));
    assertThat(job(Map.of()).destinations())
        .extracting(destination -> ((S3Destination) destination).changes())
        .containsExactly(Changes.TOGETHER, Changes.SEPARATE);
  }

  @Test
  void reachesTheStateAsTheDestinationWithTheSameBucketIsReached() {
    JobFile job = job(Map.of("sync.state.path", "s3a://acme-exports/state"));

    StateLocation.Path state = (StateLocation.Path) job.sync().orElseThrow().state();
    StoreLocation.Bucket bucket = (StoreLocation.Bucket) state.location();
    assertThat(bucket.prefix()).isEqualTo("state");
    assertThat(bucket.access().region()).isEqualTo("eu-west-1");
  }

  @ParameterizedTest
  @CsvSource({
    "90s, 90",
    "'15 minutes', 900",
    "15m, 900",
    "'1 hour', 3600",
    "2 h, 7200",
    "1 day, 86400",
    "3d, 259200"
  })
  void readsLengthsOfTime(String text, long seconds) {
    Cursor cursor = job(Map.of("sync.lag", text)).sync().orElseThrow().cursor().orElseThrow();

    assertThat(cursor.lag()).isEqualTo(Duration.ofSeconds(seconds));
  }

  private static final String IN_REDSHIFT =
      """
      job = "profiles"
      shared { host = "h", database = "dev", user = "Rudder", password = "p" }
      sources {
        a { format = redshift, connection = ${shared}, table = "t" }
        b { format = redshift, connection = ${shared} { user = $user }, table = "u", staging { bucket = "tmp" } }
      }
      query = "SELECT 1 AS id"
      sync { mode = upsert, keys = [id] $state }
      destinations { files { type = s3, bucket = "acme-exports", format = csv } }
      """;

  private static JobFile inRedshift(String user, String state) {
    return JobFiles.parse(
        "job.conf",
        IN_REDSHIFT.replace("$user", user).replace("$state", state),
        Path.of("/jobs"),
        Overrides.none());
  }

  @Test
  void aStateOfWhichNothingIsSaidIsBesideTheSourceInRedshift() {
    StateSchema home = StateSchema.of(inRedshift("rudder", "")).orElseThrow();

    assertThat(home.schema()).isEqualTo("_rudderstack");
    // of two sources in one database the one that has a place for files
    assertThat(home.source()).isEqualTo("b");
    assertThat(home.job()).isEqualTo("profiles");
    assertThat(StateSchema.of(inRedshift("rudder", ", state { schema = Own }")).orElseThrow())
        .extracting(StateSchema::schema)
        .isEqualTo("Own");
    assertThat(StateSchema.of(inRedshift("rudder", ", state { path = kept }"))).isEmpty();
    assertThat(StateSchema.of(job(Map.of()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; sync.state: is missing; several databases: h:5439/dev as rudder, h:5439/dev as other",
        "', state { schema = s }'; sync.state.schema: is a schema; several databases: h:5439/dev as"
            + " rudder, h:5439/dev as other"
      })
  void aStateBesideSeveralDatabasesIsRefused(String state, String problem, String more) {
    assertThatThrownBy(() -> inRedshift("other", state))
        .hasMessageContaining(problem)
        .hasMessageContaining(more);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "state = null; sync.state; is missing",
        "state = 5; sync.state; block",
        "state { schema = s }; sync.state.schema; no source is in Redshift",
        "state { }; sync.state; is missing"
      })
  void aStateNeedsAPlace(String state, String path, String problem) {
    String written = JOB.replace("state { path = \"kept\" }", state);

    assertThatThrownBy(
            () -> JobFiles.parse("job.conf", written, Path.of("/jobs"), Overrides.none()))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            refused ->
                assertThat(refused.problems())
                    .singleElement()
                    .satisfies(
                        one -> {
                          assertThat(one.path()).isEqualTo(path);
                          assertThat(one.problem()).contains(problem);
                        }));
  }
}
