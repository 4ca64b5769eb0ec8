package io.penstock.sandbox.s3;

import static io.penstock.sandbox.s3.FrontScene.BUCKET;
import static io.penstock.sandbox.s3.FrontScene.KMS_KEY;
import static io.penstock.sandbox.s3.FrontScene.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** What is answered about encryption, through the AWS SDK. */
class EncryptionIT {
  private static final String KMS_ARN = "arn:aws:kms:eu-west-1:123456789012:key/" + KMS_KEY;

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

  private static PutObjectResponse putKms(String key, String content, @Nullable String keyId) {
    return scene
        .s3()
        .putObject(
            r ->
                r.bucket(BUCKET)
                    .key(key)
                    .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                    .ssekmsKeyId(keyId),
            RequestBody.fromString(content));
  }

  private static HeadObjectResponse head(String key) {
    return scene.s3().headObject(r -> r.bucket(BUCKET).key(key));
  }

  @Test
  void an_object_is_shown_as_it_was_asked_to_be_encrypted() {
    PutObjectResponse plain =
        scene.s3().putObject(r -> r.bucket(BUCKET).key("plain"), RequestBody.fromString("hello"));
    PutObjectResponse kms = putKms("kms", "hello", KMS_KEY);
    assertThat(plain.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
    assertThat(plain.eTag()).isEqualTo("\"5d41402abc4b2a76b9719d911017c592\"");
    assertThat(kms.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
    assertThat(kms.ssekmsKeyId()).isEqualTo(KMS_ARN);
    assertThat(kms.eTag()).isNotEqualTo(plain.eTag()).hasSize(34);
    assertThat(head("kms").eTag()).isEqualTo(kms.eTag());
    assertThat(head("kms").ssekmsKeyId()).isEqualTo(KMS_ARN);
    GetObjectResponse read =
        scene.s3().getObject(r -> r.bucket(BUCKET).key("kms").ifMatch(kms.eTag())).response();
    assertThat(read.ssekmsKeyId()).isEqualTo(KMS_ARN);
    assertThat(read.eTag()).isEqualTo(kms.eTag());
    assertRefused(
        412,
        "PreconditionFailed",
        () -> scene.s3().getObject(r -> r.bucket(BUCKET).key("kms").ifMatch(plain.eTag())).abort());
    assertThat(listed("kms").eTag()).isEqualTo(kms.eTag());
    assertThat(listed("plain").eTag()).isEqualTo(plain.eTag());
    assertThat(putKms("kms", "hello", KMS_ARN).eTag()).isNotEqualTo(kms.eTag());
  }

  private static S3Object listed(String key) {
    return scene.s3().listObjectsV2(r -> r.bucket(BUCKET)).contents().stream()
        .filter(object -> object.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void uploads_in_parts_and_copies_have_their_own_encryption() {
    String upload =
        scene
            .s3()
            .createMultipartUpload(
                r ->
                    r.bucket(BUCKET)
                        .key("parts")
                        .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(KMS_KEY))
            .uploadId();
    String tag =
        scene
            .s3()
            .uploadPart(
                r -> r.bucket(BUCKET).key("parts").uploadId(upload).partNumber(1),
                RequestBody.fromString("hello"))
            .eTag();
    CompleteMultipartUploadResponse complete =
        scene
            .s3()
            .completeMultipartUpload(
                r ->
                    r.bucket(BUCKET)
                        .key("parts")
                        .uploadId(upload)
                        .multipartUpload(
                            m -> m.parts(CompletedPart.builder().partNumber(1).eTag(tag).build())));
    assertThat(complete.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
    assertThat(complete.ssekmsKeyId()).isEqualTo(KMS_ARN);
    assertThat(complete.eTag()).isEqualTo(head("parts").eTag()).endsWith("-1\"");

    CopyObjectResponse copy =
        scene
            .s3()
            .copyObject(
                r ->
                    r.sourceBucket(BUCKET)
                        .sourceKey("parts")
                        .copySourceIfMatch(complete.eTag())
                        .destinationBucket(BUCKET)
                        .destinationKey("copy"));
    assertThat(copy.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
    assertThat(head("copy").serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
    CopyObjectResponse encrypted =
        scene
            .s3()
            .copyObject(
                r ->
                    r.sourceBucket(BUCKET)
                        .sourceKey("copy")
                        .destinationBucket(BUCKET)
                        .destinationKey("encrypted")
                        .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(KMS_KEY));
    assertThat(encrypted.copyObjectResult().eTag()).isEqualTo(head("encrypted").eTag());
    assertThat(head("encrypted").ssekmsKeyId()).isEqualTo(KMS_ARN);
  }

  @Test
  void keys_that_do_not_exist_or_are_the_customers_are_refused() {
    assertRefused(400, "KMS.NotFoundException", () -> putKms("refused", "x", "unknown"));
    assertRefused(
        400,
        "KMS.NotFoundException",
        () ->
            scene
                .s3()
                .createMultipartUpload(
                    r ->
                        r.bucket(BUCKET)
                            .key("refused")
                            .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                            .ssekmsKeyId("unknown")));
    assertRefused(
        501,
        "NotImplemented",
        () ->
            scene
                .s3()
                .putObject(
                    r ->
                        r.bucket(BUCKET)
                            .key("refused")
                            .serverSideEncryption(ServerSideEncryption.AWS_KMS_DSSE),
                    RequestBody.fromString("x")));
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    String md5 = "cLyMY/lwcJI/X3pq4PhxUg==";
    assertThatThrownBy(
            () ->
                scene
                    .s3()
                    .putObject(
                        r ->
                            r.bucket(BUCKET)
                                .key("refused")
                                .sseCustomerAlgorithm("AES256")
                                .sseCustomerKey(key)
                                .sseCustomerKeyMD5(md5),
                        RequestBody.fromString("x")))
        .isInstanceOfSatisfying(
            AwsServiceException.class, e -> assertThat(e.statusCode()).isEqualTo(501));
    assertThat(putKms("own", "x", null).ssekmsKeyId())
        .startsWith("arn:aws:kms:eu-west-1:")
        .isNotEqualTo(KMS_ARN);
  }
}
