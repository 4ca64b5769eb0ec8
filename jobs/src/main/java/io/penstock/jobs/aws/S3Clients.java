package io.penstock.jobs.aws;

import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** One S3 client in each JVM for each way to reach S3; closed when the JVM ends. */
public final class S3Clients {
  private static final int ATTEMPTS = 5;
  private static final int CONNECTIONS = 64;
  private static final Duration IMPATIENCE = Duration.ofSeconds(15);
  private static final ConcurrentMap<S3Access, S3Client> SHARED = new ConcurrentHashMap<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> SHARED.values().forEach(S3Client::close), "penstock-s3-close"));
  }

  private S3Clients() {}

  /** The access with every secret replaced by its value, which its {@code toString} hides. */
  public static S3Access resolved(S3Access access, SecretResolver secrets) {
    return new S3Access(
        access.region(),
        access.endpoint(),
        access.pathStyle(),
        access.requestChecksums(),
        resolved(access.credentials(), secrets),
        access.encryption());
  }

  /** The credentials with every secret replaced by its value. */
  public static Credentials resolved(Credentials credentials, SecretResolver secrets) {
    if (!(credentials instanceof Credentials.Keys keys)) {
      return credentials;
    }
    Secret token = keys.sessionToken();
    return new Credentials.Keys(
        keys.accessKey(),
        new Secret.Literal(secrets.resolve(keys.secretKey())),
        token == null ? null : new Secret.Literal(secrets.resolve(token)));
  }

  /**
   * The client of an access.
   *
   * @param resolved a result of {@link #resolved}
   */
  public static S3Client shared(S3Access resolved) {
    return SHARED.computeIfAbsent(resolved, S3Clients::client);
  }

  /**
   * A client of an access that sends each request once and waits a quarter of a minute for the
   * answer; the caller closes it.
   *
   * @param resolved a result of {@link #resolved}
   */
  public static S3Client impatient(S3Access resolved) {
    return builder(resolved, 1)
        .httpClientBuilder(
            ApacheHttpClient.builder()
                .connectionTimeout(IMPATIENCE)
                .connectionAcquisitionTimeout(IMPATIENCE)
                .socketTimeout(IMPATIENCE))
        .build();
  }

  private static S3Client client(S3Access access) {
    return builder(access, ATTEMPTS)
        .httpClientBuilder(
            ApacheHttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionTimeout(Duration.ofSeconds(10))
                .socketTimeout(Duration.ofSeconds(90)))
        .build();
  }

  private static S3ClientBuilder builder(S3Access access, int attempts) {
    boolean always = access.requestChecksums() == S3Access.RequestChecksums.WHEN_SUPPORTED;
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(access.region()))
            .credentialsProvider(provider(access))
            .forcePathStyle(access.pathStyle())
            .requestChecksumCalculation(
                always
                    ? RequestChecksumCalculation.WHEN_SUPPORTED
                    : RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(
                always
                    ? ResponseChecksumValidation.WHEN_SUPPORTED
                    : ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                override ->
                    override.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(attempts)
                            .build()));
    if (access.endpoint() != null) {
      builder.endpointOverride(access.endpoint());
    }
    if (!always) {
      // a store that knows no checksum headers asks for Content-MD5 where S3 requires a checksum
      builder.addPlugin(LegacyMd5Plugin.create());
    }
    return builder;
  }

  /** The provider of an access whose secrets are resolved; that of a role renews its keys. */
  public static AwsCredentialsProvider provider(S3Access resolved) {
    Credentials credentials = resolved.credentials();
    if (credentials instanceof Credentials.Keys keys) {
      String secret = value(keys.secretKey());
      Secret token = keys.sessionToken();
      return StaticCredentialsProvider.create(
          token == null
              ? AwsBasicCredentials.create(keys.accessKey(), secret)
              : AwsSessionCredentials.create(keys.accessKey(), secret, value(token)));
    }
    if (credentials instanceof Credentials.Role role) {
      return AssumedRole.of(role, resolved);
    }
    return DefaultCredentialsProvider.builder().build();
  }

  private static String value(Secret secret) {
    if (secret instanceof Secret.Literal literal) {
      return literal.value();
    }
    throw new IllegalArgumentException("the secret " + secret + " was not resolved");
  }
}
