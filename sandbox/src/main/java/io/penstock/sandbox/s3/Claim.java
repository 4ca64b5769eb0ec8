package io.penstock.sandbox.s3;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.gaul.s3proxy.auth.S3AuthorizationHeader;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request says it comes from; nothing of it is verified.
 *
 * @param region that the signature is for; null in a signature of version 2
 */
record Claim(String accessKey, @Nullable String region, @Nullable String sessionToken) {
  private static final int CREDENTIAL_REGION = 2;

  /** Empty where the request is not signed, or in no form that S3 knows. */
  static Optional<Claim> of(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    if (header != null && S3AuthorizationHeader.hasAwsScheme(header)) {
      return ofHeader(header, request.getHeader("x-amz-security-token"));
    }
    String credential = request.getParameter("X-Amz-Credential");
    if (credential != null) {
      String[] scope = credential.split("/", -1);
      return Optional.of(
          new Claim(
              scope[0],
              scope.length > CREDENTIAL_REGION ? scope[CREDENTIAL_REGION] : null,
              request.getParameter("X-Amz-Security-Token")));
    }
    String accessKey = request.getParameter("AWSAccessKeyId");
    return accessKey == null
        ? Optional.empty()
        : Optional.of(new Claim(accessKey, null, request.getParameter("x-amz-security-token")));
  }

  private static Optional<Claim> ofHeader(String header, @Nullable String token) {
    try {
      S3AuthorizationHeader parsed = new S3AuthorizationHeader(header);
      return Optional.of(new Claim(parsed.getIdentity(), parsed.getRegion(), token));
    } catch (IllegalArgumentException e) {
      // s3proxy refuses it in its own words
      return Optional.empty();
    }
  }
}
