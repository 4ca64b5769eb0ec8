package io.penstock.jobs.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.AccessPolicy;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RejectsConfig;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which settings a session gets, and who has the last word on each. */
class SessionsTest {
  private static JobFile job(Map<String, String> spark) {
    S3Access access =
        new S3Access(
            "eu-west-1",
            URI.create("http://127.0.0.1:9000"),
            true,
            S3Access.RequestChecksums.WHEN_SUPPORTED,
            new S3Access.Credentials.Keys("AKIAEXAMPLE", new Secret.Literal("hush-hush"), null),
            new S3Access.Encryption.None());
    return new JobFile(
        "profiles",
        List.of(),
        Optional.empty(),
        Optional.empty(),
        new RejectsConfig(Optional.of(new StoreLocation.Bucket("acme", "rejects", access)), 0),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        AccessPolicy.none(),
        new StoreLocation.Directory("/state"),
        Optional.empty(),
        spark);
  }

  private static Map<String, String> settings(
      Map<String, String> spark, Map<String, String> submitted) {
    return Sessions.settings(job(spark), SessionOptions.local(), submitted);
  }

  @Test
  void locallyTheDefaultsAreQuietAndInUtc() {
    assertThat(settings(Map.of(), Map.of()))
        .containsEntry("spark.master", "local[*]")
        .containsEntry("spark.app.name", "profiles")
        .containsEntry("spark.ui.enabled", "false")
        .containsEntry("spark.sql.session.timeZone", "UTC")
        .containsEntry("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
  }

  @Test
  void whatWasSubmittedStaysAndTheUiIsTheClusters() {
    Map<String, String> settings =
        settings(
            Map.of("spark.sql.shuffle.partitions", "7"),
            Map.of(
                "spark.master", "yarn",
                "spark.sql.extensions", "com.example.Extension",
                "spark.sql.session.timeZone", "Europe/Vienna"));
    assertThat(settings)
        .containsEntry("spark.master", "yarn")
        .containsEntry("spark.sql.session.timeZone", "Europe/Vienna")
        .containsEntry("spark.sql.shuffle.partitions", "7")
        .containsEntry(
            "spark.sql.extensions", "com.example.Extension,io.delta.sql.DeltaSparkSessionExtension")
        .doesNotContainKeys("spark.ui.enabled", "spark.driver.host");
  }

  @Test
  void aBucketsEndpointIsKnownToS3aAndItsCredentialsAreNot() {
    Map<String, String> settings = settings(Map.of(), Map.of());
    assertThat(settings)
        .containsEntry("spark.hadoop.fs.s3a.bucket.acme.endpoint", "http://127.0.0.1:9000")
        .containsEntry("spark.hadoop.fs.s3a.bucket.acme.endpoint.region", "eu-west-1")
        .containsEntry("spark.hadoop.fs.s3a.bucket.acme.path.style.access", "true")
        .containsEntry("spark.hadoop.fs.s3a.bucket.acme.connection.ssl.enabled", "false");
    assertThat(settings.toString()).doesNotContain("hush-hush", "AKIAEXAMPLE");
  }

  @Test
  void aCredentialAmongTheSettingsIsRefused() {
    PenstockException failure =
        catchThrowableOfType(
            PenstockException.class,
            () -> settings(Map.of("spark.hadoop.fs.s3a.secret.key", "hush-hush"), Map.of()));
    assertThat(failure.code()).isEqualTo(ErrorCode.CONFIG_INVALID_VALUE);
    assertThat(failure.getMessage()).contains("fs.s3a.secret.key").doesNotContain("hush-hush");
  }

  @Test
  void aSecondMasterIsRefused() {
    PenstockException failure =
        catchThrowableOfType(
            PenstockException.class,
            () -> settings(Map.of("spark.master", "local[1]"), Map.of("spark.master", "yarn")));
    assertThat(failure.code()).isEqualTo(ErrorCode.CONFIG_CONFLICT);
  }
}
