package io.penstock.jobs.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Completes a multipart upload and makes sure of it. The answer may be 200 with an error in its
 * body (Amazon S3 API Reference, "CompleteMultipartUpload"), or be lost; then the object itself
 * decides. Its entity tag is the MD5 of its parts' MD5s, a dash and their number, except under KMS.
 */
final class S3Completion {
  private static final int ATTEMPTS = 4;
  private static final int ATTEMPTS_OF_RETRIED = 2;
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

  private final S3Client client;
  private final String bucket;
  private final boolean opaqueTags;

  S3Completion(S3Client client, String bucket, boolean opaqueTags) {
    this.client = client;
    this.bucket = bucket;
    this.opaqueTags = opaqueTags;
  }

  void complete(String key, PendingObject pending) throws IOException {
    Optional<String> expected =
        expectedTag(pending.parts().stream().map(PendingObject.Part::tag).toList());
    // where tags say nothing, an object that was there before is told apart by its own tag
    String before = opaqueTags ? head(key).map(HeadObjectResponse::eTag).orElse("") : "";
    for (int attempt = 1; ; attempt++) {
      SdkException failure = null;
      try {
        String tag = send(key, pending);
        if (tag != null && expected.isPresent() && plain(tag).equals(expected.get())) {
          return;
        }
      } catch (SdkException e) {
        failure = e;
      }
      Optional<HeadObjectResponse> there = head(key);
      if (there.isPresent() && isThis(there.get(), pending, expected, before)) {
        return;
      }
      if (attempt >= attempts(failure) || (failure != null && !mayPass(failure))) {
        if (failure != null) {
          throw failure;
        }
        throw new IOException(
            "s3://" + bucket + "/" + key + " is not what was uploaded, though S3 said so");
      }
      pause(attempt);
    }
  }

  private @Nullable String send(String key, PendingObject pending) {
    List<CompletedPart> parts = new ArrayList<>();
    for (PendingObject.Part part : pending.parts()) {
      parts.add(CompletedPart.builder().partNumber(part.number()).eTag(part.tag()).build());
    }
    return client
        .completeMultipartUpload(
            complete ->
                complete
                    .bucket(bucket)
                    .key(key)
                    .uploadId(pending.handle())
                    .multipartUpload(upload -> upload.parts(parts)))
        .eTag();
  }

  private Optional<HeadObjectResponse> head(String key) {
    try {
      return Optional.of(client.headObject(head -> head.bucket(bucket).key(key)));
    } catch (SdkException e) {
      if (S3ObjectStore.status(e) == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private boolean isThis(
      HeadObjectResponse object, PendingObject pending, Optional<String> expected, String before) {
    if (object.contentLength() != pending.bytes()) {
      return false;
    }
    if (opaqueTags || expected.isEmpty()) {
      return !object.eTag().equals(before);
    }
    return plain(object.eTag()).equals(expected.get());
  }

  /**
   * What the client has tried again by itself, with pauses of its own, is tried less often here.
   */
  private static int attempts(@Nullable SdkException failure) {
    boolean triedAgain =
        failure != null && failure.numAttempts() != null && failure.numAttempts() > 1;
    return triedAgain ? ATTEMPTS_OF_RETRIED : ATTEMPTS;
  }

  private static boolean mayPass(SdkException failure) {
    int status = S3ObjectStore.status(failure);
    return status == 0 || status == 200 || status == 409 || status == 429 || status >= 500;
  }

  private static void pause(int attempt) throws IOException {
    try {
      Thread.sleep(FIRST_PAUSE_MILLIS << attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while completing uploads", e);
    }
  }

  /** Empty where the parts' tags are not MD5 sums. */
  static Optional<String> expectedTag(List<String> parts) {
    var whole = Digests.md5();
    for (String part : parts) {
      String tag = plain(part);
      if (!MD5.matcher(tag).matches()) {
        return Optional.empty();
      }
      whole.update(HexFormat.of().parseHex(tag));
    }
    return Optional.of(Digests.hex(whole.digest()) + "-" + parts.size());
  }

  private static String plain(String tag) {
    return tag.replace("\"", "").toLowerCase(Locale.ROOT);
  }
}
