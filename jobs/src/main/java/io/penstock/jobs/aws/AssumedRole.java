package io.penstock.jobs.aws;

import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Credentials;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The keys of a role, renewed before they expire. The role is assumed with the default credentials
 * of the JVM that it is used in, an executor's as well as the driver's.
 */
final class AssumedRole implements AwsCredentialsProvider, SdkAutoCloseable {
  private static final String SESSION_NAME = "penstock";

  private final StsClient sts;
  private final StsAssumeRoleCredentialsProvider keys;

  private AssumedRole(Credentials.Role role, StsClient sts) {
    this.sts = sts;
    String session = role.sessionName();
    this.keys =
        StsAssumeRoleCredentialsProvider.builder()
            .stsClient(sts)
            .refreshRequest(
                request ->
                    request
                        .roleArn(role.roleArn())
                        .externalId(role.externalId())
                        .roleSessionName(session == null ? SESSION_NAME : session))
            .build();
  }

  /** Asks STS only when keys are needed. */
  static AssumedRole of(Credentials.Role role, S3Access access) {
    StsClientBuilder sts =
        StsClient.builder()
            .region(Region.of(access.region()))
            .credentialsProvider(DefaultCredentialsProvider.builder().build())
            .httpClientBuilder(ApacheHttpClient.builder());
    stsEndpoint(access).ifPresent(sts::endpointOverride);
    return new AssumedRole(role, sts.build());
  }

  /**
   * Where STS is, if it is not AWS's own in the region. Stores like S3 that have roles serve STS at
   * the endpoint of their S3; an endpoint of AWS, such as that of a VPC, serves S3 alone.
   */
  static Optional<URI> stsEndpoint(S3Access access) {
    return Optional.ofNullable(access.endpoint()).filter(endpoint -> !isAws(endpoint));
  }

  private static boolean isAws(URI endpoint) {
    String host = endpoint.getHost().toLowerCase(Locale.ROOT);
    return host.endsWith(".amazonaws.com")
        || host.endsWith(".amazonaws.com.cn")
        || host.endsWith(".api.aws");
  }

  /**
   * Keys that are valid for a minute at least.
   *
   * @throws software.amazon.awssdk.services.sts.model.StsException the role cannot be assumed
   * @throws software.amazon.awssdk.core.exception.SdkClientException the default chain has no
   *     credentials, or STS does not answer
   */
  @Override
  public AwsCredentials resolveCredentials() {
    return keys.resolveCredentials();
  }

  @Override
  public void close() {
    keys.close();
    sts.close();
  }
}
