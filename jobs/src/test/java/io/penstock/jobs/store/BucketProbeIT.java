package io.penstock.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.S3Access.RequestChecksums;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.LocalSecrets;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.testing.CannedServer;
import io.penstock.jobs.testing.CannedServer.Answer;
import io.penstock.jobs.testing.CannedServer.Request;
import io.penstock.jobs.testing.SandboxProcess;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a probe says of a bucket: of the sandbox's, and of one that answers as S3 documents. */
final class BucketProbeIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final SecretResolver SECRETS =
      new LocalSecrets(
          Map.of(),
          secret -> {
            throw new IllegalStateException("only local secrets here");
          });
  private static final String KEY = "canary9f3e";

  private static PenstockException refusal(ThrowingCallable attempt) {
    PenstockException refused = catchThrowableOfType(PenstockException.class, attempt);
    assertThat(refused).isNotNull();
    assertThat(refused.toString()).doesNotContain(KEY);
    return refused;
  }

  private static BucketProbe probe(StoreLocation.Bucket location) {
    return new BucketProbe("destinations.out", location, SECRETS);
  }

  private static BucketProbe probe(URI endpoint, Encryption encryption) {
    S3Access access =
        new S3Access(
            "us-east-1",
            endpoint,
            true,
            RequestChecksums.WHEN_REQUIRED,
            new Credentials.Keys("AKIAEXAMPLE", new Secret.Literal(KEY), null),
            encryption);
    return probe(new StoreLocation.Bucket("acme", "exports", access));
  }

  private static Answer refused(int status, String code, String message) {
    return new Answer(
        status,
        Map.of("Content-Type", "application/xml"),
        "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>");
  }

  /** Keeps objects; refuses what the test refuses. */
  private static Function<Request, Answer> store(Function<Request, Answer> refusing) {
    Map<String, String> objects = new ConcurrentHashMap<>();
    return request -> {
      Answer refusal = refusing.apply(request);
      if (refusal != NONE) {
        return refusal;
      }
      String key = request.target().replaceFirst("\\?.*", "");
      return switch (request.method()) {
        case "PUT" -> {
          objects.put(key, withoutChunks(request.body()));
          yield new Answer(200, Map.of("x-amz-version-id", "v1"), "");
        }
        case "GET" -> new Answer(200, Map.of(), objects.getOrDefault(key, ""));
        default -> new Answer(204, Map.of("x-amz-version-id", "m1"), "");
      };
    };
  }

  /** Over plain HTTP a body is signed in chunks (Signature Version 4, "chunked upload"). */
  private static String withoutChunks(String body) {
    return body.replaceAll("(?s)^\\p{XDigit}+;chunk-signature=[^\r]+\r\n(.*?)\r\n0;.*$", "$1");
  }

  private static final Answer NONE = new Answer(0, Map.of(), "");

  @Test
  void theSandboxesBucketIsFineAndTheSameAfterwards() throws Exception {
    StoreLocation.Bucket location = SANDBOX.location("probed");
    try (BucketProbe probe = probe(location);
        ObjectStore store = ObjectStores.open(location)) {
      assertThat(probe.signIn()).isEqualTo("the store takes the signature");
      assertThat(probe.region()).isEqualTo("us-east-1");
      assertThat(probe.write()).isEqualTo("s3://penstock/probed");
      assertThat(probe.encryption()).isEmpty();
      assertThat(store.list("")).isEmpty();
    }
  }

  @Test
  void keysThatTheStoreDoesNotKnow() {
    S3Access access = SANDBOX.access(new Secret.Literal(KEY));
    try (BucketProbe probe = probe(new StoreLocation.Bucket("penstock", "", access))) {
      PenstockException wrong = refusal(probe::signIn);

      assertThat(wrong.code()).isEqualTo(ErrorCode.VERIFICATION_FAILED);
      assertThat(wrong.reason()).isEqualTo("the store answers 403 SignatureDoesNotMatch");
      assertThat(wrong.remedy()).isEqualTo("change destinations.out.credentials.secret-key");
    }
  }

  @Test
  void aSecretThatIsNotThere() {
    S3Access access = SANDBOX.access(new Secret.Environment("NOT_SET_HERE"));
    try (BucketProbe probe = probe(new StoreLocation.Bucket("penstock", "", access))) {
      assertThat(refusal(probe::signIn).code()).isEqualTo(ErrorCode.SECRET_UNRESOLVED);
    }
  }

  @Test
  void refusalsOfTheSignatureNameTheirKeys() {
    for (Map.Entry<String, String> refusal :
        Map.of(
                "InvalidAccessKeyId", "destinations.out.credentials.access-key",
                "ExpiredToken", "destinations.out.credentials.session-token",
                "NotSignedUp", "destinations.out.credentials",
                "RequestTimeTooSkewed", "clock")
            .entrySet()) {
      try (CannedServer server = new CannedServer(request -> refused(403, refusal.getKey(), KEY));
          BucketProbe probe = probe(server.endpoint(), new Encryption.None())) {
        assertThat(refusal(probe::signIn).remedy()).contains(refusal.getValue());
        assertThat(server.requests()).as("nothing is retried").hasSize(1);
      }
    }
  }

  @Test
  void thatBucketsMayNotBeListedIsNoFault() {
    try (CannedServer server = new CannedServer(request -> refused(403, "AccessDenied", "no"));
        BucketProbe probe = probe(server.endpoint(), new Encryption.None())) {
      assertThat(probe.signIn()).contains("takes the signature");
      assertThat(refusal(probe::region).remedy())
          .contains("s3:ListBucket", "destinations.out.bucket");
    }
  }

  @Test
  void aBucketOfAnotherRegion() {
    for (int status : new int[] {200, 301, 400, 403}) {
      try (CannedServer server =
              new CannedServer(
                  request -> new Answer(status, Map.of("x-amz-bucket-region", "eu-west-1"), ""));
          BucketProbe probe = probe(server.endpoint(), new Encryption.None())) {
        PenstockException elsewhere = refusal(probe::region);

        assertThat(elsewhere.problem()).isEqualTo("the bucket acme is in eu-west-1");
        assertThat(elsewhere.remedy()).isEqualTo("set destinations.out.region = eu-west-1");
      }
    }
  }

  @Test
  void aStoreThatNamesNoRegionIsNotContradicted() {
    try (CannedServer server =
            new CannedServer(
                request ->
                    request.method().equals("HEAD")
                        ? new Answer(200, Map.of(), "")
                        : new Answer(
                            200,
                            Map.of(),
                            "<LocationConstraint>default-zone</LocationConstraint>"));
        BucketProbe probe = probe(server.endpoint(), new Encryption.None())) {
      assertThat(probe.region()).isEqualTo("the store names none");
    }
  }

  @Test
  void aPrefixThatMayNotBeWritten() {
    try (CannedServer server =
            new CannedServer(
                store(
                    request ->
                        request.method().equals("PUT")
                            ? refused(403, "AccessDenied", "no")
                            : NONE));
        BucketProbe probe = probe(server.endpoint(), new Encryption.None())) {
      PenstockException closed = refusal(probe::write);

      assertThat(closed.problem()).contains("s3://acme/exports");
      assertThat(closed.remedy()).contains("s3:PutObject", "destinations.out.prefix");
    }
  }

  @Test
  void whatCannotBeReadIsRemovedAllTheSame() {
    try (CannedServer server =
            new CannedServer(
                store(
                    request ->
                        request.method().equals("GET")
                            ? refused(403, "AccessDenied", "no")
                            : NONE));
        BucketProbe probe = probe(server.endpoint(), new Encryption.None())) {
      assertThat(refusal(probe::write).remedy()).contains("s3:GetObject");

      List<String> sent = server.requests();
      assertThat(sent.get(0)).startsWith("PUT /acme/exports/.penstock-verify-");
      assertThat(sent.get(2)).isEqualTo(sent.get(0).replace("PUT", "DELETE"));
      assertThat(sent.subList(3, 5))
          .allMatch(request -> request.startsWith("DELETE"))
          .anyMatch(request -> request.endsWith("versionId=v1"))
          .anyMatch(request -> request.endsWith("versionId=m1"));
    }
  }

  @Test
  void whatCannotBeRemovedIsNamed() {
    try (CannedServer server =
            new CannedServer(
                store(
                    request ->
                        request.method().equals("DELETE")
                            ? refused(403, "AccessDenied", "no")
                            : NONE));
        BucketProbe probe = probe(server.endpoint(), new Encryption.None())) {
      PenstockException kept = refusal(probe::write);

      assertThat(kept.problem()).contains("s3://acme/exports/.penstock-verify-");
      assertThat(kept.remedy()).contains("s3:DeleteObject");
    }
  }

  @Test
  void aKeyThatCannotBeUsedIsToldFromAPrefixThatCannotBeWritten() {
    boolean[] asked = {false};
    try (CannedServer server =
            new CannedServer(
                store(
                    request -> {
                      boolean first = request.method().equals("PUT") && !asked[0];
                      asked[0] |= first;
                      return first ? refused(400, "KMS.NotFoundException", "no key " + KEY) : NONE;
                    }));
        BucketProbe probe = probe(server.endpoint(), new Encryption.SseKms("missing-key"))) {
      assertThat(probe.write()).isEqualTo("s3://acme/exports");
      PenstockException missing = refusal(probe::encryption);

      assertThat(missing.reason()).isEqualTo("the store answers 400 KMS.NotFoundException");
      assertThat(missing.remedy())
          .contains("destinations.out.encryption-at-rest", "kms:GenerateDataKey");
    }
  }

  @Test
  void aStoreThatDoesNotEncrypt() {
    try (CannedServer server = new CannedServer(store(request -> NONE));
        BucketProbe probe = probe(server.endpoint(), new Encryption.SseS3())) {
      probe.write();

      assertThat(refusal(probe::encryption).problem())
          .contains("not encrypted as destinations.out.encryption-at-rest asks");
    }
  }

  @Test
  void noHostAndNoCredentials() {
    try (BucketProbe probe = probe(URI.create("http://127.0.0.1:1"), new Encryption.None())) {
      PenstockException silent = refusal(probe::signIn);

      assertThat(silent.problem()).isEqualTo("http://127.0.0.1:1 does not answer");
      assertThat(silent.remedy()).contains("destinations.out.endpoint");
    }
  }
}
