package io.penstock.jobs.aws;

import io.penstock.common.config.S3Access;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.secret.SecretResolver;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** The keys that COPY signs its reads with: those that uploads to the staging location use. */
public final class CopyKeys {
  private CopyKeys() {}

  /**
   * @param access of the staging location
   */
  public static CopyAuthorization.Keys of(S3Access access, SecretResolver secrets) {
    AwsCredentials credentials =
        S3Clients.provider(S3Clients.resolved(access, secrets)).resolveCredentials();
    return new CopyAuthorization.Keys(
        credentials.accessKeyId(),
        credentials.secretAccessKey(),
        credentials instanceof AwsSessionCredentials session
            ? Optional.of(session.sessionToken())
            : Optional.empty());
  }
}
