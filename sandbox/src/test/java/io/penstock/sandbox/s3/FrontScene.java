package io.penstock.sandbox.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.sandbox.testing.RunningSandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/** A sandbox with roles and keys of its own in eu-west-1, and clients that try nothing twice. */
record FrontScene(RunningSandbox sandbox, AwsCredentials owner, S3Client s3)
    implements AutoCloseable {
  static final String BUCKET = "penstock";
  static final String REGION = "eu-west-1";
  static final String ROLE = "arn:aws:iam::999999999999:role/team/reader";
  static final String OPEN_ROLE = "arn:aws:iam::999999999999:role/open";
  static final String EXTERNAL_ID = "id:42";
  static final String KMS_KEY = "11111111-2222-3333-4444-555555555555";
  static final int ROLE_SECONDS = 3;
  static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  static FrontScene start(Path directory) throws IOException {
    RunningSandbox sandbox =
        RunningSandbox.start(
            directory,
            "--region",
            REGION,
            "--role",
            "arn=" + ROLE + ",external-id=" + EXTERNAL_ID,
            "--role",
            "arn=" + OPEN_ROLE,
            "--role-seconds",
            Integer.toString(ROLE_SECONDS),
            "--kms-key",
            KMS_KEY);
    AwsCredentials owner =
        AwsBasicCredentials.create(
            sandbox.ready().at("/s3/accessKey").asText(),
            sandbox.ready().at("/s3/secretKey").asText());
    return new FrontScene(sandbox, owner, s3(sandbox, owner, REGION));
  }

  URI endpoint() {
    return endpoint(sandbox);
  }

  private static URI endpoint(RunningSandbox sandbox) {
    return URI.create(sandbox.ready().at("/s3/endpoint").asText());
  }

  S3Client s3(AwsCredentials credentials, String region) {
    return s3(sandbox, credentials, region);
  }

  private static S3Client s3(RunningSandbox sandbox, AwsCredentials credentials, String region) {
    return S3Client.builder()
        .endpointOverride(endpoint(sandbox))
        .region(Region.of(region))
        .forcePathStyle(true)
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .overrideConfiguration(
            override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }

  StsClient sts(AwsCredentials credentials) {
    return StsClient.builder()
        .endpointOverride(endpoint())
        .region(Region.of(REGION))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }

  /** Writes the object {@code session}. */
  void put(AwsCredentials as) {
    try (S3Client client = s3(as, REGION)) {
      client.putObject(r -> r.bucket(BUCKET).key("session"), RequestBody.fromString("x"));
    }
  }

  static void assertRefused(int status, String code, ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            e -> {
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
              assertThat(e.statusCode()).isEqualTo(status);
            });
  }

  JsonNode control(String method, String command, Map<String, Object> body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(endpoint().resolve("/_sandbox/" + command))
                .header("X-Penstock-Sandbox", "test")
                .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  @Override
  public void close() throws IOException {
    s3.close();
    sandbox.close();
  }
}
