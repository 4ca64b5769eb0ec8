package io.penstock.common.config;

import io.penstock.common.secret.Secret;
import java.io.Serializable;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a bucket.
 *
 * @param endpoint of an S3-compatible store; null: Amazon S3 in the region
 */
public record S3Access(
    String region,
    @Nullable URI endpoint,
    boolean pathStyle,
    RequestChecksums requestChecksums,
    Credentials credentials,
    Encryption encryption)
    implements Serializable {

  /** Amazon S3 with the default credential chain. */
  public static S3Access standard(String region) {
    return new S3Access(
        region,
        null,
        false,
        RequestChecksums.WHEN_SUPPORTED,
        new Credentials.DefaultChain(),
        new Encryption.None());
  }

  /** When uploads carry checksums in trailers; some stores know none. */
  public enum RequestChecksums {
    WHEN_SUPPORTED,
    WHEN_REQUIRED
  }

  /** Who signs the requests. */
  public sealed interface Credentials extends Serializable {
    record DefaultChain() implements Credentials {}

    record Keys(String accessKey, Secret secretKey, @Nullable Secret sessionToken)
        implements Credentials {}

    record Role(String roleArn, @Nullable String externalId, @Nullable String sessionName)
        implements Credentials {}
  }

  /** Encryption at rest. */
  public sealed interface Encryption extends Serializable {
    record None() implements Encryption {}

    record SseS3() implements Encryption {}

    /**
     * @param keyId null: the account's own aws/s3 key
     */
    record SseKms(@Nullable String keyId) implements Encryption {}
  }
}
