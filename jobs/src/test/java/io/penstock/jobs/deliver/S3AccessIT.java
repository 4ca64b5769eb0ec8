package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.S3Access.RequestChecksums;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.aws.StagingCredentials;
import io.penstock.jobs.store.BucketProbe;
import io.penstock.jobs.testing.SandboxControl.Request;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may deliver, as whom, and for which region. */
class S3AccessIT {
  private static final int ROLE_SECONDS = 4;
  private static final UDF1<Long, Long> SLOWLY =
      id -> {
        Thread.sleep(80);
        return id;
      };

  @TempDir private static Path folder;

  private static S3Scene scene;
  private static Credentials.Role role;

  @BeforeAll
  static void start() throws Exception {
    scene = S3Scene.open(folder.resolve("sandbox"));
    role = scene.sandbox().role();
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  @BeforeEach
  void forgetRequests() {
    scene.control().reset();
  }

  private static Plans to(String prefix, Credentials credentials) {
    return Plans.csv(scene.at(prefix, scene.access(credentials)));
  }

  private static void assertRefused(Plans plans, String prefix, String... words) throws Exception {
    assertThatThrownBy(() -> S3Scene.deliver(S3Scene.numbers(10, 2), plans))
        .isInstanceOfSatisfying(
            PenstockException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_FAILED))
        .hasMessageContainingAll(words);
    assertThat(scene.onDisk(prefix)).isEmpty();
  }

  @Test
  void aRoleDeliversWithItsOwnKeysAndIsAssumedOnce() throws Exception {
    S3Scene.deliver(S3Scene.numbers(1000, 3), to("role", role).withManifest());
    assertThat(scene.linesOnDisk("role")).isEqualTo(S3Scene.lines(1000));
    assertThat(scene.onDisk("role")).contains(".DONE", "rows.manifest").hasSize(5);
    assertThat(scene.control().requests("AssumeRole")).hasSize(1);
    assertThat(scene.writes("role"))
        .hasSizeGreaterThan(8)
        .allSatisfy(request -> assertThat(request.accessKey()).startsWith("ASIA"))
        .extracting(Request::accessKey)
        .containsOnly(scene.writes("role").get(0).accessKey());
  }

  @Test
  void aWrongExternalIdIsRefused() throws Exception {
    Credentials wrong = new Credentials.Role(role.roleArn(), "somebody-elses", null);
    assertRefused(
        to("wrong-id", wrong),
        "wrong-id",
        "AccessDenied",
        role.roleArn(),
        "credentials.external-id",
        "credentials.role-arn");
  }

  @Test
  void aMissingExternalIdIsRefused() throws Exception {
    assertRefused(
        to("no-id", new Credentials.Role(role.roleArn(), null, null)),
        "no-id",
        "AccessDenied",
        "credentials.external-id");
  }

  @Test
  void anUnknownRoleIsRefused() throws Exception {
    Credentials unknown =
        new Credentials.Role("arn:aws:iam::123456789012:role/nobody", role.externalId(), null);
    assertRefused(to("no-role", unknown), "no-role", "role/nobody", "credentials.role-arn");
  }

  @Test
  void keysWithTheirSessionTokenDeliver() throws Exception {
    var keys = scene.temporaryKeys();
    Credentials credentials =
        new Credentials.Keys(
            keys.accessKeyId(),
            new Secret.Literal(keys.secretAccessKey()),
            new Secret.Literal(keys.sessionToken()));
    S3Scene.deliver(S3Scene.numbers(100, 1), to("token", credentials));
    assertThat(scene.linesOnDisk("token")).isEqualTo(S3Scene.lines(100));
    assertThat(scene.writes("token"))
        .isNotEmpty()
        .extracting(Request::accessKey)
        .containsOnly(keys.accessKeyId());
  }

  @Test
  void aWrongSessionTokenIsRefusedAndNotShown() throws Exception {
    var keys = scene.temporaryKeys();
    String wrong = "wrong-token-0123456789";
    Plans plans =
        to(
            "wrong-token",
            new Credentials.Keys(
                keys.accessKeyId(),
                new Secret.Literal(keys.secretAccessKey()),
                new Secret.Literal(wrong)));
    assertRefused(plans, "wrong-token", "InvalidToken", "credentials.session-token");
    assertThatThrownBy(() -> S3Scene.deliver(S3Scene.numbers(1, 1), plans))
        .hasMessageNotContaining(wrong)
        .hasMessageNotContaining(keys.secretAccessKey());
  }

  @Test
  void temporaryKeysWithoutTheirTokenAreRefused() throws Exception {
    var keys = scene.temporaryKeys();
    Credentials credentials =
        new Credentials.Keys(keys.accessKeyId(), new Secret.Literal(keys.secretAccessKey()), null);
    assertRefused(
        to("no-token", credentials), "no-token", "InvalidAccessKeyId", "credentials.access-key");
  }

  @Test
  void theDefaultChainDelivers() throws Exception {
    S3Scene.deliver(S3Scene.numbers(10, 1), to("chain", new Credentials.DefaultChain()));
    assertThat(scene.linesOnDisk("chain")).isEqualTo(S3Scene.lines(10));
  }

  private static S3Access elsewhere() {
    S3Access here = scene.access(scene.ownerKeys());
    return new S3Access(
        "eu-central-1",
        here.endpoint(),
        true,
        here.requestChecksums(),
        here.credentials(),
        here.encryption());
  }

  @Test
  void aWrongRegionIsRefused() throws Exception {
    assertRefused(
        Plans.csv(scene.at("region", elsewhere())),
        "region",
        "expecting 'us-east-1'",
        "check region");
  }

  /** Keys of the role live shorter than each task takes, and than the delivery is staged. */
  @Test
  void aRoleIsAssumedAgainBeforeItsKeysExpireAndInAnotherRegion() throws Exception {
    try (S3Scene brief =
        S3Scene.open(
            folder.resolve("brief"),
            "--role-seconds",
            Integer.toString(ROLE_SECONDS),
            "--region",
            "eu-central-1")) {
      S3Access access = brief.access(brief.sandbox().role());
      assertThat(access.region()).isEqualTo("eu-central-1");
      S3Scene.SPARK.udf().register("slowly", SLOWLY, DataTypes.LongType);
      Dataset<Row> slow =
          S3Scene.SPARK
              .range(0, 120, 1, 2)
              .selectExpr("slowly(id) as id")
              .selectExpr("id", "concat('name ', id) as name");
      DestinationResult result;
      try (StagedDelivery staged =
          S3Scene.engine().stage(slow, Plans.csv(brief.at("slow", access)).plan())) {
        Thread.sleep(ROLE_SECONDS * 1000L + 1500);
        result = staged.publish();
        staged.finish();
      }
      assertThat(result.rows()).isEqualTo(120);
      assertThat(brief.linesOnDisk("slow")).isEqualTo(S3Scene.lines(120));
      Set<String> keys = new HashSet<>();
      brief.writes("slow").forEach(request -> keys.add(request.accessKey()));
      assertThat(keys).hasSizeGreaterThan(1).allMatch(key -> key.startsWith("ASIA"));
      assertThat(brief.control().requests())
          .allSatisfy(request -> assertThat(request.status()).isLessThan(300));
    } finally {
      restoreDefaultChain();
    }
  }

  private static void restoreDefaultChain() {
    System.setProperty("aws.accessKeyId", scene.sandbox().s3().accessKey());
    System.setProperty("aws.secretAccessKey", scene.sandbox().s3().secretKey());
  }

  private static BucketProbe probe(S3Access access) {
    return new BucketProbe(
        "destinations.out",
        scene.at("probed", access),
        secret -> ((Secret.Literal) secret).value());
  }

  @Test
  void verifyTriesTheRoleAndTheKey() throws Exception {
    String key = scene.sandbox().kmsKey();
    Encryption kms = new Encryption.SseKms(key);
    try (BucketProbe probe = probe(scene.access(role, kms, RequestChecksums.WHEN_SUPPORTED))) {
      assertThat(probe.signIn()).isEqualTo("the store takes the signature");
      assertThat(probe.region()).isEqualTo("us-east-1");
      assertThat(probe.write()).isEqualTo("s3://penstock/probed");
      assertThat(probe.encryption()).contains("aws:kms " + key);
    }
    assertThat(scene.onDisk("probed")).isEmpty();
    Encryption unknown = new Encryption.SseKms("unknown");
    try (BucketProbe probe = probe(scene.access(role, unknown, RequestChecksums.WHEN_SUPPORTED))) {
      probe.write();
      assertThatThrownBy(probe::encryption)
          .hasMessageContainingAll("KMS.NotFoundException", "destinations.out.encryption-at-rest");
    }
  }

  @Test
  void verifyNamesTheKeyToChange() {
    Credentials wrong = new Credentials.Role(role.roleArn(), "somebody-elses", null);
    try (BucketProbe probe = probe(scene.access(wrong))) {
      assertThatThrownBy(probe::signIn)
          .hasMessageContainingAll(
              "403 AccessDenied",
              "destinations.out.credentials.role-arn",
              "destinations.out.credentials.external-id");
    }
    try (BucketProbe probe = probe(elsewhere())) {
      assertThatThrownBy(probe::region)
          .hasMessageContainingAll(
              "the bucket penstock is in us-east-1", "set destinations.out.region = us-east-1");
    }
  }

  @Test
  void copyIsGivenFreshKeysOfTheRole() {
    CopyAuthorization.Keys first = stagingKeys(role);
    CopyAuthorization.Keys second = stagingKeys(role);
    assertThat(first.accessKey()).startsWith("ASIA").isNotEqualTo(second.accessKey());
    assertThat(first.sessionToken()).isPresent();
    Credentials wrong = new Credentials.Role(role.roleArn(), "somebody-elses", null);
    assertThatThrownBy(() -> stagingKeys(wrong))
        .isInstanceOf(PenstockException.class)
        .hasMessageContainingAll("sts:AssumeRole", role.roleArn(), "staging.credentials");
  }

  private static CopyAuthorization.Keys stagingKeys(Credentials credentials) {
    return StagingCredentials.keys(
        scene.access(credentials), secret -> ((Secret.Literal) secret).value());
  }

  @Test
  void storesThatKnowNoChecksumsAreSentNone() throws Exception {
    for (RequestChecksums checksums : RequestChecksums.values()) {
      String prefix = "checksums-" + checksums;
      Plans plans =
          Plans.csv(
              scene.at(prefix, scene.access(scene.ownerKeys(), new Encryption.None(), checksums)));
      S3Scene.deliver(S3Scene.numbers(100, 1), plans.withManifest());
      assertThat(scene.linesOnDisk(prefix)).isEqualTo(S3Scene.lines(100));
      boolean always = checksums == RequestChecksums.WHEN_SUPPORTED;
      List<Request> bodies =
          scene.writes(prefix).stream()
              .filter(request -> List.of("PutObject", "UploadPart").contains(request.operation()))
              .toList();
      assertThat(bodies)
          .hasSize(3)
          .extracting(Request::checksum)
          .containsOnly(always ? "x-amz-checksum-crc32" : "");
      assertThat(scene.control().requests("DeleteObjects"))
          .isNotEmpty()
          .extracting(Request::checksum)
          .containsOnly(always ? "x-amz-checksum-crc32" : "content-md5");
      scene.control().reset();
    }
  }
}
