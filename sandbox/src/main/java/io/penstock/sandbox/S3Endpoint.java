package io.penstock.sandbox;

import java.net.URI;

/**
 * Where the embedded S3 server listens and the one key pair it accepts.
 *
 * @param endpoint {@code http://127.0.0.1:port}
 */
public record S3Endpoint(URI endpoint, String region, String accessKey, String secretKey) {
  @Override
  public String toString() {
    return "S3Endpoint[" + endpoint + ", " + region + "]";
  }
}
