package io.penstock.jobs.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.S3Access.RequestChecksums;
import io.penstock.common.secret.Secret;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssumedRoleTest {
  private static S3Access at(String endpoint, boolean pathStyle) {
    return new S3Access(
        "eu-west-1",
        URI.create(endpoint),
        pathStyle,
        RequestChecksums.WHEN_SUPPORTED,
        new Credentials.Keys("key", new Secret.Literal("secret"), null),
        new Encryption.None());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://minio.example:9000",
        "http://127.0.0.1:9000",
        "https://amazonaws.com.example"
      })
  void aStoreOfOnesOwnServesStsItself(String endpoint) {
    assertThat(AssumedRole.stsEndpoint(at(endpoint, true))).contains(URI.create(endpoint));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://s3.eu-west-1.amazonaws.com",
        "https://bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com",
        "https://s3.cn-north-1.amazonaws.com.cn",
        "https://s3.dualstack.eu-west-1.API.AWS"
      })
  void anEndpointOfAwsDoesNot(String endpoint) {
    assertThat(AssumedRole.stsEndpoint(at(endpoint, false))).isEmpty();
  }

  @Test
  void withoutAnEndpointStsIsAwss() {
    assertThat(AssumedRole.stsEndpoint(S3Access.standard("eu-west-1"))).isEqualTo(Optional.empty());
  }

  @Test
  void addressesFollowEndpointRegionAndPathStyle() {
    assertThat(url(at("https://minio.example:9000", true)))
        .isEqualTo("https://minio.example:9000/acme/a/b");
    assertThat(url(at("https://minio.example:9000", false)))
        .isEqualTo("https://acme.minio.example:9000/a/b");
    assertThat(url(S3Access.standard("eu-west-1")))
        .isEqualTo("https://acme.s3.eu-west-1.amazonaws.com/a/b");
  }

  private static String url(S3Access access) {
    return S3Clients.shared(access)
        .utilities()
        .getUrl(url -> url.bucket("acme").key("a/b"))
        .toString();
  }
}
