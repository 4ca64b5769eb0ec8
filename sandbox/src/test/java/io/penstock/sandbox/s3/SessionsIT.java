package io.penstock.sandbox.s3;

import static io.penstock.sandbox.s3.FrontScene.BUCKET;
import static io.penstock.sandbox.s3.FrontScene.EXTERNAL_ID;
import static io.penstock.sandbox.s3.FrontScene.HTTP;
import static io.penstock.sandbox.s3.FrontScene.KMS_KEY;
import static io.penstock.sandbox.s3.FrontScene.OPEN_ROLE;
import static io.penstock.sandbox.s3.FrontScene.REGION;
import static io.penstock.sandbox.s3.FrontScene.ROLE;
import static io.penstock.sandbox.s3.FrontScene.ROLE_SECONDS;
import static io.penstock.sandbox.s3.FrontScene.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Roles, temporary keys and regions, through the AWS SDK. */
class SessionsIT {
  @TempDir private static Path directory;
  private static FrontScene scene;

  @BeforeAll
  static void start() throws Exception {
    scene = FrontScene.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
  }

  private static AssumeRoleResponse assume(
      AwsCredentials as, String role, @Nullable String externalId) {
    try (StsClient sts = scene.sts(as)) {
      return sts.assumeRole(
          request -> request.roleArn(role).externalId(externalId).roleSessionName("me"));
    }
  }

  private static AwsSessionCredentials session() {
    Credentials keys = assume(scene.owner(), ROLE, EXTERNAL_ID).credentials();
    return AwsSessionCredentials.create(
        keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
  }

  @Test
  void a_role_is_assumed_with_its_external_id() {
    AssumeRoleResponse assumed = assume(scene.owner(), ROLE, EXTERNAL_ID);
    assertThat(assumed.assumedRoleUser().arn())
        .isEqualTo("arn:aws:sts::999999999999:assumed-role/reader/me");
    assertThat(assumed.credentials().accessKeyId()).startsWith("ASIA").hasSize(20);
    assertThat(assumed.credentials().expiration())
        .isBetween(Instant.now(), Instant.now().plusSeconds(ROLE_SECONDS));
    assertThat(assume(scene.owner(), OPEN_ROLE, null).credentials().sessionToken()).isNotEmpty();
  }

  @Test
  void a_role_is_not_assumed_otherwise() {
    assertRefused(403, "AccessDenied", () -> assume(scene.owner(), ROLE, "id:43"));
    assertRefused(403, "AccessDenied", () -> assume(scene.owner(), ROLE, null));
    assertRefused(403, "AccessDenied", () -> assume(scene.owner(), ROLE + "2", EXTERNAL_ID));
    AwsCredentials forged = AwsBasicCredentials.create(scene.owner().accessKeyId(), "x".repeat(40));
    assertRefused(403, "SignatureDoesNotMatch", () -> assume(forged, ROLE, EXTERNAL_ID));
    AwsCredentials unknown = AwsBasicCredentials.create("AKIAUNKNOWN", "x".repeat(40));
    assertRefused(403, "InvalidClientTokenId", () -> assume(unknown, ROLE, EXTERNAL_ID));
  }

  @Test
  void sts_refuses_what_it_does_not_know() throws Exception {
    try (StsClient sts = scene.sts(scene.owner())) {
      assertRefused(400, "InvalidAction", sts::getCallerIdentity);
      assertRefused(
          400,
          "ValidationError",
          () -> sts.assumeRole(r -> r.roleArn(OPEN_ROLE).roleSessionName("me").policy("{}")));
      assertRefused(
          400,
          "ValidationError",
          () ->
              sts.assumeRole(
                  r -> r.roleArn(OPEN_ROLE).roleSessionName("me").durationSeconds(7200)));
      assertRefused(
          400,
          "ValidationError",
          () -> sts.assumeRole(r -> r.roleArn(OPEN_ROLE).roleSessionName("a b")));
    }
    HttpResponse<String> unsigned =
        HTTP.send(
            HttpRequest.newBuilder(scene.endpoint())
                .POST(HttpRequest.BodyPublishers.ofString("Action=AssumeRole"))
                .build(),
            BodyHandlers.ofString());
    assertThat(unsigned.statusCode()).isEqualTo(403);
    assertThat(unsigned.body()).contains("<Code>MissingAuthenticationToken</Code>");
  }

  @Test
  void temporary_keys_sign_with_their_token_alone() {
    AwsSessionCredentials keys = session();
    scene.put(keys);
    assertRefused(
        400,
        "InvalidToken",
        () ->
            scene.put(
                AwsSessionCredentials.create(keys.accessKeyId(), keys.secretAccessKey(), "other")));
    assertRefused(
        403,
        "InvalidAccessKeyId",
        () -> scene.put(AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())));
    assertRefused(
        403,
        "SignatureDoesNotMatch",
        () ->
            scene.put(
                AwsSessionCredentials.create(
                    keys.accessKeyId(), "x".repeat(40), keys.sessionToken())));
    assertRefused(
        400,
        "InvalidToken",
        () ->
            scene.put(
                AwsSessionCredentials.create(
                    scene.owner().accessKeyId(),
                    scene.owner().secretAccessKey(),
                    keys.sessionToken())));
  }

  @Test
  void temporary_keys_expire() throws Exception {
    AwsSessionCredentials keys = session();
    scene.put(keys);
    Thread.sleep(ROLE_SECONDS * 1000L);
    assertRefused(400, "ExpiredToken", () -> scene.put(keys));
    assertRefused(403, "ExpiredToken", () -> assume(keys, OPEN_ROLE, null));
  }

  @Test
  void a_presigned_address_holds_its_token() throws Exception {
    AwsSessionCredentials keys = session();
    scene.put(keys);
    URI address;
    try (S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(scene.endpoint())
            .region(Region.of(REGION))
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .credentialsProvider(StaticCredentialsProvider.create(keys))
            .build()) {
      address =
          presigner
              .presignGetObject(
                  r ->
                      r.signatureDuration(Duration.ofMinutes(1))
                          .getObjectRequest(get -> get.bucket(BUCKET).key("session")))
              .url()
              .toURI();
    }
    assertThat(status(address)).isEqualTo(200);
    String forged = address.toString().replaceAll("X-Amz-Security-Token=[^&]*&", "");
    assertThat(status(URI.create(forged))).isEqualTo(403);
  }

  private static int status(URI address) throws Exception {
    return FrontScene.HTTP
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void a_signature_for_another_region_is_refused() {
    try (S3Client elsewhere = scene.s3(scene.owner(), "us-east-1")) {
      assertThatThrownBy(() -> elsewhere.listObjectsV2(r -> r.bucket(BUCKET)))
          .isInstanceOfSatisfying(
              AwsServiceException.class,
              e ->
                  assertThat(e.awsErrorDetails().errorCode())
                      .isEqualTo("AuthorizationHeaderMalformed"))
          .hasMessageContaining("the region 'us-east-1' is wrong; expecting 'eu-west-1'");
      assertThat(elsewhere.getBucketLocation(r -> r.bucket(BUCKET)).locationConstraintAsString())
          .isEqualTo(REGION);
      assertThatThrownBy(() -> elsewhere.headBucket(r -> r.bucket(BUCKET)))
          .isInstanceOfSatisfying(
              AwsServiceException.class,
              e ->
                  assertThat(
                          e.awsErrorDetails()
                              .sdkHttpResponse()
                              .firstMatchingHeader("x-amz-bucket-region"))
                      .contains(REGION));
    }
  }

  @Test
  void the_ready_line_names_roles_and_keys() {
    assertThat(scene.sandbox().ready().at("/s3/roles").toString())
        .isEqualTo(
            "[{\"arn\":\"%s\",\"externalId\":\"%s\"},{\"arn\":\"%s\"}]"
                .formatted(ROLE, EXTERNAL_ID, OPEN_ROLE));
    assertThat(scene.sandbox().ready().at("/s3/kmsKeys").toString())
        .isEqualTo("[\"" + KMS_KEY + "\"]");
    assertThat(scene.sandbox().ready().at("/s3/region").asText()).isEqualTo(REGION);
  }
}
