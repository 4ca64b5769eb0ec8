package io.penstock.jobs.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.testing.CannedServer;
import io.penstock.jobs.testing.CannedServer.Answer;
import io.penstock.jobs.testing.CannedServer.Request;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** The answers have the form of the API references of AWS Secrets Manager and Systems Manager. */
class AwsSecretsIT {
  private final CannedServer server = new CannedServer(AwsSecretsIT::answer);
  private final AwsSecrets secrets =
      new AwsSecrets(
          server.endpoint(),
          Region.EU_WEST_1,
          StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));

  @AfterEach
  void stop() {
    server.close();
  }

  private static Answer answer(Request request) {
    String body = request.body();
    if (body.contains("\"SecretId\":\"plain\"")) {
      return json(200, "{\"SecretString\":\"hunter2\"}");
    }
    if (body.contains("\"SecretId\":\"document\"")) {
      return json(200, "{\"SecretString\":\"{\\\"password\\\":\\\"hunter3\\\"}\"}");
    }
    if (body.contains("\"Name\":\"/db/password\"") && body.contains("\"WithDecryption\":true")) {
      return json(200, "{\"Parameter\":{\"Value\":\"hunter4\"}}");
    }
    return json(400, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"no\"}");
  }

  private static Answer json(int status, String body) {
    return new Answer(status, Map.of("Content-Type", "application/x-amz-json-1.1"), body);
  }

  @Test
  void resolvesWholeSecretsFieldsAndParameters() {
    assertThat(secrets.resolve(new Secret.SecretsManager("plain", null))).isEqualTo("hunter2");
    assertThat(secrets.resolve(new Secret.SecretsManager("document", "password")))
        .isEqualTo("hunter3");
    assertThat(secrets.resolve(new Secret.Ssm("/db/password"))).isEqualTo("hunter4");
  }

  @Test
  void whatIsNotThereIsNamedAndNoValueIs() {
    refused(new Secret.SecretsManager("document", "user"), "no such field");
    refused(new Secret.SecretsManager("plain", "user"), "no JSON document");
    refused(new Secret.SecretsManager("absent", null), "ResourceNotFoundException");
    refused(new Secret.Ssm("/absent"), "ResourceNotFoundException");
  }

  private void refused(Secret secret, String reason) {
    assertThatThrownBy(() -> secrets.resolve(secret))
        .isInstanceOfSatisfying(
            PenstockException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.SECRET_UNRESOLVED);
              assertThat(e.problem()).contains(secret.toString());
              assertThat(e.reason()).contains(reason);
            })
        .hasMessageNotContaining("hunter");
  }

  @Test
  void anArnNamesItsRegion() {
    assertThat(
            AwsSecrets.regionOf("arn:aws:secretsmanager:ap-south-1:123456789012:secret:db-AbCdEf"))
        .contains(Region.AP_SOUTH_1);
    assertThat(AwsSecrets.regionOf("/db/password")).isEmpty();
  }
}
