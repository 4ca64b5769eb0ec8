package io.penstock.jobs.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.SsmClientBuilder;

/**
 * Resolves {@link Secret.SecretsManager} and {@link Secret.Ssm} with the driver's default AWS
 * credentials, in the region of an ARN or else the default one. Other references are refused. No
 * message holds a value.
 */
public final class AwsSecrets implements SecretResolver {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int ARN_REGION = 3;

  private final @Nullable URI endpoint;
  private final @Nullable Region region;
  private final AwsCredentialsProvider credentials;

  /** Connects only when a secret is resolved. */
  public AwsSecrets() {
    this(null, null, DefaultCredentialsProvider.builder().build());
  }

  /**
   * For tests.
   *
   * @param endpoint of both services; null: those of AWS
   * @param region where the reference names none; null: the default region
   */
  AwsSecrets(@Nullable URI endpoint, @Nullable Region region, AwsCredentialsProvider credentials) {
    this.endpoint = endpoint;
    this.region = region;
    this.credentials = credentials;
  }

  @Override
  public String resolve(Secret secret) {
    try {
      if (secret instanceof Secret.SecretsManager managed) {
        return managed(managed);
      }
      if (secret instanceof Secret.Ssm parameter) {
        return parameter(parameter);
      }
    } catch (AwsServiceException e) {
      String code = e.awsErrorDetails() == null ? "" : " " + e.awsErrorDetails().errorCode();
      throw unresolved(
          secret,
          "AWS answered " + e.statusCode() + code,
          "check the name, the region, and that the driver's role may read it");
    } catch (SdkException e) {
      throw unresolved(
          secret,
          String.valueOf(e.getMessage()),
          "give the driver AWS credentials and a region (AWS_REGION), and a route to AWS");
    }
    throw unresolved(secret, "it does not refer to an AWS service", "resolve it locally");
  }

  private String managed(Secret.SecretsManager secret) {
    SecretsManagerClientBuilder builder = SecretsManagerClient.builder();
    configure(builder, secret.nameOrArn());
    builder.httpClientBuilder(ApacheHttpClient.builder());
    String text;
    try (SecretsManagerClient client = builder.build()) {
      text = client.getSecretValue(get -> get.secretId(secret.nameOrArn())).secretString();
    }
    if (text == null) {
      throw unresolved(secret, "it is binary", "store it as text");
    }
    String field = secret.field();
    return field == null ? text : field(secret, text, field);
  }

  private static String field(Secret secret, String document, String name) {
    JsonNode value;
    try {
      value = MAPPER.readTree(document).path(name);
    } catch (JsonProcessingException e) {
      // the exception is not kept: it quotes the document
      throw unresolved(secret, "it is no JSON document", "leave out field, or store JSON");
    }
    if (!value.isValueNode() || value.isNull()) {
      throw unresolved(secret, "its document has no such field", "check field");
    }
    return value.asText();
  }

  private String parameter(Secret.Ssm secret) {
    SsmClientBuilder builder = SsmClient.builder();
    configure(builder, secret.name());
    builder.httpClientBuilder(ApacheHttpClient.builder());
    try (SsmClient client = builder.build()) {
      return client
          .getParameter(get -> get.name(secret.name()).withDecryption(true))
          .parameter()
          .value();
    }
  }

  private void configure(AwsClientBuilder<?, ?> builder, String nameOrArn) {
    builder.credentialsProvider(credentials);
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    Optional<Region> named = regionOf(nameOrArn);
    if (named.isPresent()) {
      builder.region(named.get());
    } else if (region != null) {
      builder.region(region);
    }
  }

  /** The region that an ARN names. */
  static Optional<Region> regionOf(String nameOrArn) {
    String[] parts = nameOrArn.split(":", -1);
    return nameOrArn.startsWith("arn:") && parts.length > ARN_REGION && !parts[ARN_REGION].isEmpty()
        ? Optional.of(Region.of(parts[ARN_REGION]))
        : Optional.empty();
  }

  private static PenstockException unresolved(Secret secret, String cause, String remedy) {
    return PenstockException.of(
        ErrorCode.SECRET_UNRESOLVED, "the secret " + secret + " was not found", cause, remedy);
  }
}
