package io.penstock.jobs.aws;

import io.penstock.common.config.S3Access;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.secret.SecretResolver;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The keys that a COPY statement is given to read what was staged. */
public final class StagingCredentials {
  private StagingCredentials() {}

  /**
   * The keys that now sign requests to the location; for a role, ones that were issued just now, so
   * that they outlive a long COPY.
   *
   * @throws PenstockException {@code SECRET_UNRESOLVED}
   */
  public static CopyAuthorization.Keys keys(S3Access access, SecretResolver secrets) {
    AwsCredentials credentials = current(S3Clients.provider(S3Clients.resolved(access, secrets)));
    Optional<String> token =
        credentials instanceof AwsSessionCredentials session
            ? Optional.of(session.sessionToken())
            : Optional.empty();
    return new CopyAuthorization.Keys(
        credentials.accessKeyId(), credentials.secretAccessKey(), token);
  }

  private static AwsCredentials current(AwsCredentialsProvider provider) {
    try {
      return provider.resolveCredentials();
    } catch (SdkException e) {
      throw PenstockException.of(
          ErrorCode.SECRET_UNRESOLVED,
          "the credentials of the staging location were not found",
          String.valueOf(e.getMessage()),
          "set staging.credentials, or give copy-credentials an iam-role",
          e);
    } finally {
      if (provider instanceof SdkAutoCloseable closeable) {
        closeable.close();
      }
    }
  }
}
