package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.S3Access.RequestChecksums;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.testing.SandboxControl.Request;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Encryption at rest, of every object that a delivery writes. */
class S3EncryptionIT {
  @TempDir private static Path folder;

  private static S3Scene scene;

  @BeforeAll
  static void start() throws Exception {
    scene = S3Scene.open(folder);
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  @BeforeEach
  void forgetRequests() {
    scene.control().reset();
  }

  private static Plans to(String prefix, Encryption encryption) {
    return Plans.csv(
            scene.at(
                prefix,
                scene.access(scene.ownerKeys(), encryption, RequestChecksums.WHEN_SUPPORTED)))
        .withManifest();
  }

  private static HeadObjectResponse head(String key) {
    return scene.plain().headObject(head -> head.bucket(scene.sandbox().bucket()).key(key));
  }

  /** Amazon S3 shows AES256 for objects that nothing was asked for, too; the requests decide. */
  private static List<String> asked(String prefix) {
    return scene.writes(prefix).stream()
        .filter(
            request -> List.of("PutObject", "CreateMultipartUpload").contains(request.operation()))
        .map(Request::encryption)
        .toList();
  }

  @Test
  void nothingIsAskedForByDefault() {
    S3Scene.deliver(S3Scene.numbers(100, 2), to("none", new Encryption.None()));
    assertThat(asked("none")).hasSize(4).containsOnly("");
  }

  @Test
  void sseS3IsAskedForAndShown() throws Exception {
    S3Scene.deliver(S3Scene.numbers(100, 2), to("aes", new Encryption.SseS3()));
    assertThat(asked("aes")).hasSize(4).containsOnly("AES256");
    assertThat(scene.onDisk("aes")).hasSize(4);
    for (String name : scene.onDisk("aes")) {
      assertThat(head("aes/" + name).serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
    }
    assertThat(scene.linesOnDisk("aes")).isEqualTo(S3Scene.lines(100));
  }

  @Test
  void sseKmsIsShownOnEveryObjectWithItsKey() throws Exception {
    String key = scene.sandbox().kmsKey();
    Plans plans = to("kms", new Encryption.SseKms(key));
    for (int run = 0; run < 2; run++) {
      S3Scene.deliver(S3Scene.numbers(100, 2), plans);
      assertThat(scene.onDisk("kms")).hasSize(4);
      for (String name : scene.onDisk("kms")) {
        HeadObjectResponse object = head("kms/" + name);
        assertThat(object.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(object.ssekmsKeyId()).isEqualTo(key);
        assertThat(object.eTag())
            .doesNotContain(
                HexFormat.of()
                    .formatHex(
                        MessageDigest.getInstance("MD5").digest(scene.bytesOnDisk("kms/" + name))));
      }
      assertThat(scene.linesOnDisk("kms")).isEqualTo(S3Scene.lines(100));
    }
    assertThat(scene.openUploads("kms")).isZero();
  }

  @Test
  void sseKmsWithoutAKeyIsTheAccountsOwn() {
    S3Scene.deliver(S3Scene.numbers(1, 1), to("own", new Encryption.SseKms(null)));
    assertThat(asked("own")).containsOnly("aws:kms");
    assertThat(head("own/.DONE").ssekmsKeyId())
        .startsWith("arn:aws:kms:us-east-1:")
        .isNotEqualTo(scene.sandbox().kmsKey());
  }

  @Test
  void manyPartsAreEncryptedToo() throws Exception {
    Dataset<Row> wide =
        S3Scene.SPARK.range(0, 120, 1, 1).selectExpr("id", "repeat('x', 100000) as text");
    S3Scene.deliver(wide, to("parts", new Encryption.SseKms(scene.sandbox().kmsKey())));
    HeadObjectResponse object = head("parts/rows_0000001.csv");
    assertThat(object.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
    assertThat(object.eTag()).endsWith("-2\"");
    assertThat(scene.linesOnDisk("parts")).hasSize(121);
  }

  @Test
  void aKeyThatDoesNotExistIsRefused() throws Exception {
    Encryption unknown =
        new Encryption.SseKms(
            "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000");
    assertThatThrownBy(() -> S3Scene.deliver(S3Scene.numbers(100, 2), to("unknown", unknown)))
        .isInstanceOfSatisfying(
            PenstockException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_FAILED))
        .hasMessageContainingAll(
            "KMS.NotFoundException",
            "00000000-0000-0000-0000-000000000000",
            "encryption-at-rest.key-id");
    assertThat(scene.onDisk("unknown")).isEmpty();
    assertThat(scene.openUploads("unknown")).isZero();
  }

  /** The tag of such an object tells nothing of its content. */
  @Test
  void aLostReplyUnderKmsIsFoundOutFromTheObject() throws Exception {
    Plans plans = to("lost", new Encryption.SseKms(scene.sandbox().kmsKey()));
    S3Scene.deliver(S3Scene.numbers(200, 1), plans);
    scene.control().fault("CompleteMultipartUpload", "nothing", true, 1);
    S3Scene.deliver(S3Scene.numbers(100, 1), plans);
    assertThat(scene.linesOnDisk("lost")).isEqualTo(S3Scene.lines(100));
    assertThat(scene.openUploads("lost")).isZero();
  }
}
