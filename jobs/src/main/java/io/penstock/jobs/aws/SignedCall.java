package io.penstock.jobs.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * One request to an AWS service for which the SDK at hand has no client, signed by the SDK with
 * Signature Version 4 and sent by its HTTP client.
 */
final class SignedCall {
  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final int LONGEST = 1 << 20;

  private final String service;
  private final String region;
  private final URI endpoint;

  /**
   * @param service as signatures and host names call it, such as {@code redshift}
   * @param endpoint null: AWS's own in the region
   */
  SignedCall(String service, String region, @Nullable URI endpoint) {
    this.service = service;
    this.region = region;
    this.endpoint = endpoint == null ? ofAws(service, region) : endpoint;
  }

  private static URI ofAws(String service, String region) {
    String suffix = PartitionMetadata.of(Region.of(region)).dnsSuffix();
    return URI.create("https://" + service + "." + region + "." + suffix);
  }

  /** What a service answered. */
  record Answer(int status, byte[] body) {
    private static final Pattern CODE = Pattern.compile("<Code>([\\w.]{1,100})</Code>");

    /** The content of the first element of that name, in the query protocol. */
    String element(String name) throws IOException {
      Matcher found = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(text());
      if (!found.find()) {
        throw new IOException("no " + name);
      }
      return found
          .group(1)
          .replace("&lt;", "<")
          .replace("&gt;", ">")
          .replace("&quot;", "\"")
          .replace("&apos;", "'")
          .replace("&amp;", "&");
    }

    /** A field of the document, in JSON. */
    JsonNode field(String name) throws IOException {
      JsonNode found = new ObjectMapper().readTree(body).path(name);
      if (!found.isValueNode()) {
        throw new IOException("no " + name);
      }
      return found;
    }

    /** The name of an error in either protocol; empty where there is none. */
    String errorCode() {
      Matcher code = CODE.matcher(text());
      if (code.find()) {
        return code.group(1);
      }
      try {
        return field("__type").asText().replaceFirst(".*#", "");
      } catch (IOException e) {
        return "";
      }
    }

    private String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** The body may hold a password. */
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /** A call in the query protocol. */
  Answer form(Map<String, String> parameters, AwsCredentials credentials) throws IOException {
    String body =
        parameters.entrySet().stream()
            .map(
                parameter ->
                    parameter.getKey()
                        + "="
                        + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send("application/x-www-form-urlencoded; charset=utf-8", Map.of(), body, credentials);
  }

  /**
   * A call in JSON 1.1.
   *
   * @param target the service's name for itself and the action
   */
  Answer json(String target, String document, AwsCredentials credentials) throws IOException {
    return send(
        "application/x-amz-json-1.1", Map.of("X-Amz-Target", target), document, credentials);
  }

  private Answer send(
      String type, Map<String, String> headers, String body, AwsCredentials credentials)
      throws IOException {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    ContentStreamProvider payload = () -> new ByteArrayInputStream(content);
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(endpoint.getPath().isEmpty() ? endpoint.resolve("/") : endpoint)
            .putHeader("Content-Type", type)
            .putHeader("Content-Length", String.valueOf(content.length));
    headers.forEach(request::putHeader);
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                sign ->
                    sign.identity(credentials)
                        .request(request.build())
                        .payload(payload)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region));
    try (SdkHttpClient client =
        ApacheHttpClient.builder().connectionTimeout(PATIENCE).socketTimeout(PATIENCE).build()) {
      HttpExecuteResponse response =
          client
              .prepareRequest(
                  HttpExecuteRequest.builder()
                      .request(signed.request())
                      .contentStreamProvider(payload)
                      .build())
              .call();
      return new Answer(response.httpResponse().statusCode(), read(response.responseBody()));
    }
  }

  private static byte[] read(Optional<AbortableInputStream> body) throws IOException {
    if (body.isEmpty()) {
      return new byte[0];
    }
    try (InputStream in = body.get()) {
      return in.readNBytes(LONGEST);
    }
  }
}
