package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.DestinationResult;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import io.penstock.jobs.testing.SandboxControl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store that fails for a while, for ever, or only in what it says. */
class S3FaultsIT {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final int ROWS = 1000;

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
  @AfterEach
  void noFaults() {
    scene.control().reset();
  }

  /** With keys, and so a client, of its own: a client that met many errors tries less often. */
  private static void deliverWithFreshClient(String prefix) {
    S3Scene.deliver(
        S3Scene.numbers(ROWS, 2),
        Plans.csv(scene.at(prefix, scene.access(scene.temporaryCredentials()))).withManifest());
  }

  private static DestinationResult deliver(String prefix) {
    return S3Scene.deliver(S3Scene.numbers(ROWS, 2), Plans.csv(scene.at(prefix)).withManifest());
  }

  private static void assertDelivered(String prefix) throws Exception {
    assertThat(scene.onDisk(prefix))
        .containsExactly(".DONE", "rows.manifest", "rows_0000001.csv", "rows_0000002.csv");
    assertThat(scene.linesOnDisk(prefix)).isEqualTo(S3Scene.lines(ROWS));
    assertThat(scene.openUploads(prefix)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "PutObject,500",
    "PutObject,503",
    "CreateMultipartUpload,500",
    "CreateMultipartUpload,503",
    "UploadPart,500",
    "UploadPart,503",
    "CompleteMultipartUpload,500",
    "CompleteMultipartUpload,503",
    "DeleteObjects,500",
    "DeleteObjects,503",
    "ListObjectsV2,503",
    "ListMultipartUploads,503"
  })
  void twoErrorsAreOvercome(String operation, String status) throws Exception {
    String prefix = "twice-" + operation + "-" + status;
    scene.control().fault(operation, status, false, 2);
    DestinationResult result = deliver(prefix);
    assertThat(result.rows()).isEqualTo(ROWS);
    assertDelivered(prefix);
    assertThat(scene.control().requests(operation))
        .filteredOn(request -> request.status() == Integer.parseInt(status))
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "PutObject,500,write the manifest",
    "PutObject,503,write the manifest",
    "CreateMultipartUpload,500,begin an upload of",
    "UploadPart,500,send a part of",
    "UploadPart,503,send a part of",
    "CompleteMultipartUpload,500,complete the upload of",
    "CompleteMultipartUpload,503,complete the upload of",
    "CompleteMultipartUpload,error-in-body,complete the upload of",
    "DeleteObjects,503,remove the done file",
    "ListMultipartUploads,500,list open uploads"
  })
  void errorsWithoutEndAreAFailureThatNamesTheStep(String operation, String answer, String step)
      throws Exception {
    String prefix = "ever-" + operation + "-" + answer;
    scene.control().fault(operation, answer, false, SandboxControl.FOR_EVER);
    Instant begin = Instant.now();
    assertThatThrownBy(() -> deliverWithFreshClient(prefix))
        .isInstanceOfSatisfying(
            PenstockException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_FAILED))
        .hasMessageContaining(step)
        .hasMessageContaining(prefix);
    assertThat(Duration.between(begin, Instant.now())).isLessThan(LONGEST);
    assertThat(scene.onDisk(prefix)).doesNotContain(".DONE");
    if (operation.equals("ListMultipartUploads")) {
      scene.control().reset();
    }
    assertNoOpenUploads(prefix);
  }

  /** Spark reports a failed job before tasks that it kills have given up and cleared away. */
  private static void assertNoOpenUploads(String prefix) throws Exception {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(40));
    while (scene.openUploads(prefix) > 0 && Instant.now().isBefore(deadline)) {
      Thread.sleep(100);
    }
    assertThat(scene.openUploads(prefix)).isZero();
  }

  /** What the answer to CompleteMultipartUpload says, and whether it was carried out. */
  @ParameterizedTest
  @CsvSource({
    "error-in-body,false",
    "error-in-body,true",
    "nothing,false",
    "nothing,true",
    "500,true",
    "503,true"
  })
  void whatBecameOfACompletionIsFoundOut(String answer, boolean worked) throws Exception {
    String prefix = "complete-" + answer + "-" + worked;
    scene.control().fault("CompleteMultipartUpload", answer, worked, 2);
    deliver(prefix);
    assertDelivered(prefix);
  }

  /** With an older object of the same name, whose presence proves nothing. */
  @ParameterizedTest
  @CsvSource({"error-in-body,false", "error-in-body,true", "nothing,false", "nothing,true"})
  void anOlderObjectIsNotTakenForTheNewOne(String answer, boolean worked) throws Exception {
    String prefix = "older-" + answer + "-" + worked;
    S3Scene.deliver(
        S3Scene.numbers(ROWS, 2).selectExpr("id", "concat('eman ', id) as name"),
        Plans.csv(scene.at(prefix)).withManifest());
    scene.control().fault("CompleteMultipartUpload", answer, worked, 1);
    deliver(prefix);
    assertDelivered(prefix);
  }

  @ParameterizedTest
  @CsvSource({"PutObject", "UploadPart", "CreateMultipartUpload", "DeleteObjects"})
  void aLostReplyIsNoDuplicate(String operation) throws Exception {
    String prefix = "lost-" + operation;
    scene.control().fault(operation, "nothing", true, 1);
    deliver(prefix);
    assertDelivered(prefix);
  }

  @Test
  void aConditionalWriteWhoseReplyIsLostHasWon() throws Exception {
    StoreLocation location = scene.at("once");
    try (ObjectStore store = ObjectStores.open(location)) {
      byte[] mine = "mine".getBytes(StandardCharsets.UTF_8);
      scene.control().fault("PutObject", "nothing", true, 1);
      assertThat(store.putIfAbsent("lease", mine)).isTrue();
      scene.control().fault("PutObject", "500", false, 1);
      assertThat(store.putIfAbsent("lease", "yours".getBytes(StandardCharsets.UTF_8))).isFalse();
      assertThat(scene.bytesOnDisk("once/lease")).isEqualTo(mine);
    }
  }
}
