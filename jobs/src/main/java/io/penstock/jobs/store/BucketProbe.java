package io.penstock.jobs.store;

import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.aws.S3Clients;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Tries what a delivery needs of a bucket, one thing after the other, and leaves it as it was.
 * Every method answers what it found, in a few words, and throws {@code VERIFICATION_FAILED} or
 * {@code SECRET_UNRESOLVED} with the key to change. No request is sent twice.
 */
public final class BucketProbe implements AutoCloseable {
  /** Where a bucket is whose location is empty (Amazon S3 API Reference, "GetBucketLocation"). */
  private static final String FIRST_REGION = "us-east-1";

  /** What AWS calls a region; other stores have names of their own. */
  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d+");

  private final StoreLocation.Bucket location;
  private final SecretResolver secrets;
  private final BucketFailures failures;
  private @Nullable S3Client opened;
  private Optional<PutObjectResponse> written = Optional.empty();
  private Optional<AwsServiceException> refusedKey = Optional.empty();

  /**
   * @param path of the block of the job file with the keys of the bucket, for messages
   */
  public BucketProbe(String path, StoreLocation.Bucket location, SecretResolver secrets) {
    this(key -> path + "." + key, location, secrets);
  }

  /**
   * @param keys what a key of the bucket, such as {@code region}, is called in the job file, for
   *     messages
   */
  public BucketProbe(
      UnaryOperator<String> keys, StoreLocation.Bucket location, SecretResolver secrets) {
    this.location = location;
    this.secrets = secrets;
    this.failures = new BucketFailures(keys, location);
  }

  /**
   * Sends a signed request that concerns no bucket. That it is not allowed shows all the same that
   * the signature is right.
   */
  public String signIn() {
    try {
      client().listBuckets(list -> list.maxBuckets(1));
    } catch (AwsServiceException e) {
      if (BucketFailures.isOfSigning(e)) {
        throw failures.ofSigning(e);
      }
      return "the store takes the signature, and allows no list of buckets";
    } catch (SdkException e) {
      throw failures.ofClient(e);
    }
    return "the store takes the signature";
  }

  /** Asks where the bucket is. */
  public String region() {
    String configured = location.access().region();
    Optional<String> actual;
    Optional<AwsServiceException> refusal = Optional.empty();
    try {
      actual =
          Optional.ofNullable(client().headBucket(head -> head.bucket(bucket())).bucketRegion());
    } catch (AwsServiceException e) {
      refusal = Optional.of(e);
      actual = BucketFailures.regionNamed(e);
    } catch (SdkException e) {
      throw failures.ofClient(e);
    }
    if (refusal.isEmpty() && actual.isEmpty()) {
      actual = locationConstraint();
    }
    actual
        .filter(region -> !region.equals(configured))
        .ifPresent(
            region -> {
              throw failures.ofRegion(region);
            });
    refusal.ifPresent(
        e -> {
          throw failures.ofBucket(e);
        });
    return actual.orElse("the store names none");
  }

  /** For stores that do not name the region of a bucket otherwise. */
  private Optional<String> locationConstraint() {
    try {
      String constraint =
          client().getBucketLocation(get -> get.bucket(bucket())).locationConstraintAsString();
      if (constraint == null || constraint.isEmpty()) {
        return Optional.of(FIRST_REGION);
      }
      return Optional.of(constraint.toLowerCase(Locale.ROOT))
          .filter(region -> REGION.matcher(region).matches());
    } catch (SdkException notTold) {
      return Optional.empty();
    }
  }

  /** Writes a small object as a delivery does, reads it, and removes it. */
  public String write() {
    S3ObjectStore store = new S3ObjectStore(client(), location);
    try {
      written = Optional.of(writeAndRemove(store.putRequest(Probes.unlikelyName())));
    } catch (AwsServiceException e) {
      if (location.access().encryption() instanceof Encryption.None
          || !BucketFailures.isOfEncryption(e)) {
        throw failures.ofWriting(e);
      }
      refusedKey = Optional.of(e);
      writeWithoutEncryption(store);
    } catch (SdkException e) {
      throw failures.ofClient(e);
    }
    return location.toString();
  }

  /** Tells a key that cannot be used from a prefix that cannot be written. */
  private void writeWithoutEncryption(S3ObjectStore store) {
    PutObjectRequest.Builder plain =
        store
            .putRequest(Probes.unlikelyName())
            .serverSideEncryption((ServerSideEncryption) null)
            .ssekmsKeyId(null);
    try {
      writeAndRemove(plain);
    } catch (AwsServiceException e) {
      throw failures.ofWriting(e);
    } catch (SdkException e) {
      throw failures.ofClient(e);
    }
  }

  private PutObjectResponse writeAndRemove(PutObjectRequest.Builder put) {
    PutObjectRequest request = put.build();
    @Nullable String version = null;
    boolean read = false;
    try {
      PutObjectResponse response =
          client().putObject(request, RequestBody.fromBytes(Probes.CONTENT));
      version = response.versionId();
      byte[] content =
          client().getObjectAsBytes(get -> get.bucket(bucket()).key(request.key())).asByteArray();
      if (!Arrays.equals(content, Probes.CONTENT)) {
        throw failures.ofContent(request.key());
      }
      read = true;
      return response;
    } finally {
      // the answer to a request that did its work may be lost
      remove(request.key(), version, read);
    }
  }

  /**
   * An interrupted thread can send no request.
   *
   * @param tell false where an earlier failure is the one to tell
   */
  private void remove(String key, @Nullable String version, boolean tell) {
    boolean interrupted = Thread.interrupted();
    try {
      String marker = client().deleteObject(delete -> delete.bucket(bucket()).key(key)).versionId();
      if (version != null) {
        removeVersion(key, version);
      }
      if (marker != null && !marker.equals(version)) {
        removeVersion(key, marker);
      }
    } catch (SdkException e) {
      if (tell) {
        throw failures.ofRemoving(key, e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Deliveries need no right to remove versions; without it one small version stays. */
  private void removeVersion(String key, String version) {
    try {
      client().deleteObject(delete -> delete.bucket(bucket()).key(key).versionId(version));
    } catch (AwsServiceException kept) {
      return;
    }
  }

  /**
   * Whether what {@link #write} wrote was encrypted as the destination asks.
   *
   * @return empty: it asks for nothing
   */
  public Optional<String> encryption() {
    Encryption asked = location.access().encryption();
    if (asked instanceof Encryption.None) {
      return Optional.empty();
    }
    refusedKey.ifPresent(
        e -> {
          throw failures.ofEncryption(e);
        });
    PutObjectResponse response =
        written.orElseThrow(() -> new IllegalStateException("nothing was written"));
    String expected = asked instanceof Encryption.SseKms ? "aws:kms" : "AES256";
    String actual = response.serverSideEncryptionAsString();
    if (!expected.equals(actual)) {
      throw failures.ofEncryption(expected, actual);
    }
    return Optional.of(
        response.ssekmsKeyId() == null ? expected : expected + " " + response.ssekmsKeyId());
  }

  private S3Client client() {
    S3Client client = opened;
    if (client == null) {
      S3Access resolved = S3Clients.resolved(location.access(), secrets);
      client = S3Clients.impatient(resolved);
      opened = client;
    }
    return client;
  }

  private String bucket() {
    return location.bucket();
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
