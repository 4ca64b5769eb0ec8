package io.penstock.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.sandbox.testing.RunningSandbox;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What the delivery engine asks of S3, through the AWS SDK. */
class S3IT {
  private static final String BUCKET = "penstock";
  private static final int PART = 5 << 20;

  @TempDir private static Path directory;
  private static RunningSandbox sandbox;
  private static S3Client s3;

  @BeforeAll
  static void start() throws Exception {
    sandbox = RunningSandbox.start(directory);
    s3 = sandbox.s3();
  }

  @AfterAll
  static void stop() throws Exception {
    s3.close();
    sandbox.close();
  }

  @AfterEach
  void empty() {
    keys("").forEach(key -> s3.deleteObject(r -> r.bucket(BUCKET).key(key)));
  }

  @Test
  void refuses_a_wrong_secret_and_a_wrong_key() {
    String accessKey = sandbox.ready().at("/s3/accessKey").asText();
    for (S3Client wrong :
        List.of(sandbox.s3(accessKey, "x".repeat(40)), sandbox.s3("AKIAUNKNOWN", "x".repeat(40)))) {
      try (wrong) {
        assertThatThrownBy(() -> wrong.listObjectsV2(r -> r.bucket(BUCKET)))
            .isInstanceOfSatisfying(
                S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
      }
    }
  }

  @Test
  void puts_gets_lists_and_deletes() {
    for (String key : List.of("d/a b=ü.csv", "d/c.csv", "e.csv")) {
      s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString(key));
    }
    assertThat(keys("d/")).containsExactly("d/a b=ü.csv", "d/c.csv");
    assertThat(s3.getObjectAsBytes(r -> r.bucket(BUCKET).key("d/a b=ü.csv")).asUtf8String())
        .isEqualTo("d/a b=ü.csv");
    s3.deleteObject(r -> r.bucket(BUCKET).key("d/c.csv"));
    assertThat(keys("")).containsExactly("d/a b=ü.csv", "e.csv");
  }

  @Test
  void a_second_conditional_put_loses() {
    s3.putObject(r -> r.bucket(BUCKET).key("once").ifNoneMatch("*"), RequestBody.fromString("1"));
    assertThatThrownBy(
            () ->
                s3.putObject(
                    r -> r.bucket(BUCKET).key("once").ifNoneMatch("*"),
                    RequestBody.fromString("2")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
    assertThat(s3.getObjectAsBytes(r -> r.bucket(BUCKET).key("once")).asUtf8String())
        .isEqualTo("1");
  }

  @Test
  void a_multipart_upload_is_invisible_until_it_is_completed() {
    byte[] first = new byte[PART];
    Arrays.fill(first, (byte) 'a');
    String upload = s3.createMultipartUpload(r -> r.bucket(BUCKET).key("big")).uploadId();
    CompletedPart second =
        part(upload, 2, "tail".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    CompletedPart one = part(upload, 1, first);
    assertThat(keys("")).isEmpty();
    assertThat(openUploads()).containsExactly(upload);
    s3.completeMultipartUpload(
        r ->
            r.bucket(BUCKET)
                .key("big")
                .uploadId(upload)
                .multipartUpload(m -> m.parts(one, second)));
    byte[] stored = s3.getObjectAsBytes(r -> r.bucket(BUCKET).key("big")).asByteArray();
    assertThat(stored).hasSize(PART + 4).startsWith(first).endsWith((byte) 'i', (byte) 'l');
    assertThat(openUploads()).isEmpty();
  }

  @Test
  void an_aborted_upload_leaves_nothing() {
    String upload = s3.createMultipartUpload(r -> r.bucket(BUCKET).key("gone")).uploadId();
    part(upload, 1, new byte[] {1});
    s3.abortMultipartUpload(r -> r.bucket(BUCKET).key("gone").uploadId(upload));
    assertThat(openUploads()).isEmpty();
    assertThat(keys("")).isEmpty();
  }

  @Test
  void open_uploads_outlive_a_kill() throws Exception {
    String upload = s3.createMultipartUpload(r -> r.bucket(BUCKET).key("open")).uploadId();
    CompletedPart part = part(upload, 1, new byte[] {1, 2, 3});
    s3.close();
    sandbox.process().destroyForcibly().waitFor();
    sandbox = RunningSandbox.start(directory);
    s3 = sandbox.s3();
    assertThat(openUploads()).containsExactly(upload);
    s3.completeMultipartUpload(
        r -> r.bucket(BUCKET).key("open").uploadId(upload).multipartUpload(m -> m.parts(part)));
    assertThat(s3.getObjectAsBytes(r -> r.bucket(BUCKET).key("open")).asByteArray())
        .containsExactly(1, 2, 3);
  }

  private static CompletedPart part(String upload, int number, byte[] content) {
    String tag =
        s3.uploadPart(
                r -> r.bucket(BUCKET).key(keyOf(upload)).uploadId(upload).partNumber(number),
                RequestBody.fromBytes(content))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private static String keyOf(String upload) {
    return uploads().filter(open -> open.uploadId().equals(upload)).findFirst().orElseThrow().key();
  }

  private static Stream<MultipartUpload> uploads() {
    return s3.listMultipartUploads(r -> r.bucket(BUCKET)).uploads().stream();
  }

  private static List<String> openUploads() {
    return uploads().map(MultipartUpload::uploadId).toList();
  }

  private static List<String> keys(String prefix) {
    return s3.listObjectsV2(r -> r.bucket(BUCKET).prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .toList();
  }
}
