package io.penstock.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.S3Access.RequestChecksums;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.testing.CannedServer;
import io.penstock.jobs.testing.CannedServer.Answer;
import io.penstock.jobs.testing.CannedServer.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the answer to CompleteMultipartUpload may be, and what is really there. */
class S3CompletionIT {
  private static final String PART = "d41d8cd98f00b204e9800998ecf8427e";
  private static final List<String> PARTS = List.of("\"" + PART + "\"");
  private static final String WHOLE = S3Completion.expectedTag(PARTS).orElseThrow();
  private static final PendingObject PENDING =
      new PendingObject(
          "a.csv", "upload-1", List.of(new PendingObject.Part(1, PARTS.get(0))), 10, 0);
  private static final Answer COMPLETED =
      xml(
          200,
          "<CompleteMultipartUploadResult><ETag>\""
              + WHOLE
              + "\"</ETag>"
              + "</CompleteMultipartUploadResult>");
  private static final Answer ERROR_IN_BODY =
      xml(200, "<Error><Code>InternalError</Code><Message>again</Message></Error>");
  private static final Answer NO_SUCH_UPLOAD =
      xml(404, "<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>");
  private static final Answer BROKEN = new Answer(-1, Map.of(), "");
  private static final Answer ABSENT = new Answer(404, Map.of(), "");

  private static Answer xml(int status, String body) {
    return new Answer(status, Map.of("Content-Type", "application/xml"), body);
  }

  private static Answer present(String tag, int bytes) {
    return new Answer(
        200, Map.of("ETag", "\"" + tag + "\"", "Content-Length", Integer.toString(bytes)), "");
  }

  private static void publish(CannedServer server) throws IOException {
    S3Access access =
        new S3Access(
            "us-east-1",
            server.endpoint(),
            true,
            RequestChecksums.WHEN_SUPPORTED,
            new Credentials.Keys("key", new Secret.Literal("secret"), null),
            new Encryption.None());
    try (ObjectStore store = ObjectStores.open(new StoreLocation.Bucket("b", "p", access))) {
      store.publish(PENDING);
    }
  }

  private static long completions(CannedServer server) {
    return server.requests().stream().filter(request -> request.startsWith("POST")).count();
  }

  @Test
  void theEntityTagOfTheAnswerIsEnough() throws IOException {
    try (CannedServer server = new CannedServer(request -> COMPLETED)) {
      publish(server);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void anErrorInA200AnswerIsTriedAgain() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    try (CannedServer server =
        new CannedServer(
            request ->
                request.method().equals("HEAD")
                    ? ABSENT
                    : calls.incrementAndGet() < 2 ? ERROR_IN_BODY : COMPLETED)) {
      publish(server);
      assertThat(completions(server)).isEqualTo(2);
    }
  }

  @Test
  void errorsWithoutEndAreAFailure() {
    try (CannedServer server =
        new CannedServer(request -> request.method().equals("HEAD") ? ABSENT : ERROR_IN_BODY)) {
      assertThatThrownBy(() -> publish(server))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("s3://b/p/a.csv");
    }
  }

  @Test
  void anObjectOfTheSameSizeThatIsNotTheUploadIsNoSuccess() {
    try (CannedServer server =
        new CannedServer(
            request ->
                request.method().equals("HEAD")
                    ? present("00000000000000000000000000000000-1", 10)
                    : NO_SUCH_UPLOAD)) {
      assertThatThrownBy(() -> publish(server))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("NoSuchUpload");
    }
  }

  @Test
  void aLostAnswerIsFoundOutFromTheObject() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    try (CannedServer server = new CannedServer(request -> lost(request, calls))) {
      publish(server);
      assertThat(server.requests()).last().asString().startsWith("HEAD");
    }
  }

  private static Answer lost(Request request, AtomicInteger calls) {
    if (request.method().equals("HEAD")) {
      return present(WHOLE, 10);
    }
    return calls.incrementAndGet() == 1 ? BROKEN : NO_SUCH_UPLOAD;
  }
}
