package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;

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
}
