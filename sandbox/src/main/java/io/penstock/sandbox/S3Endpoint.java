package io.penstock.sandbox;

import java.net.URI;

/**
 * Where the sandbox's S3 listens and the keys it accepts.
 *
 * @param endpoint such as {@code http://127.0.0.1:9000}; objects are addressed path-style
 * @param region the region requests are signed for
 */
public record S3Endpoint(URI endpoint, String region, String accessKey, String secretKey) {
  @Override
  public String toString() {
    return "S3Endpoint[" + endpoint + ", region=" + region + "]";
  }
}
