package io.penstock.sandbox.s3;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.auth.AwsSignature;
import org.gaul.s3proxy.auth.S3AuthorizationHeader;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A request that is signed for a service with Signature Version 4 in its header. */
final class SignedForm {
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(15);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final AccessKeys keys;
  private final Sessions sessions;

  SignedForm(AccessKeys keys, Sessions sessions) {
    this.keys = keys;
    this.sessions = sessions;
  }

  /**
   * Returns where the signature is right, recent, and of a key that may sign.
   *
   * @param body of the request, which is read already
   * @param service that it has to be signed for, such as {@code sts}
   */
  void verify(HttpServletRequest request, byte[] body, String service)
      throws IOException, RefusedException {
    S3AuthorizationHeader header = header(request);
    Claim claim =
        new Claim(
            header.getIdentity(), header.getRegion(), request.getHeader("x-amz-security-token"));
    Optional<Refusal> refusal = sessions.tokenRefusal(claim);
    if (refusal.isPresent()) {
      throw new RefusedException(403, refusal.get().code(), refusal.get().message());
    }
    String secret =
        keys.secret(claim.accessKey())
            .orElseThrow(
                () ->
                    new RefusedException(
                        403,
                        "InvalidClientTokenId",
                        "The security token included in the request is invalid."));
    if (!service.equals(header.getService())) {
      throw mismatch("Credential should be scoped to correct service: '" + service + "'.");
    }
    checkDate(request.getHeader("x-amz-date"));
    String expected = signature(request, body, header, secret);
    if (!MessageDigest.isEqual(bytes(expected), bytes(header.getSignature()))) {
      throw mismatch(
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method. Consult the service documentation"
              + " for details.");
    }
  }

  private static S3AuthorizationHeader header(HttpServletRequest request) throws RefusedException {
    String text = request.getHeader("Authorization");
    if (text == null) {
      throw new RefusedException(
          403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    }
    try {
      S3AuthorizationHeader header = new S3AuthorizationHeader(text);
      if (header.getAuthenticationType() == AuthenticationType.AWS_V4) {
        return header;
      }
    } catch (IllegalArgumentException e) {
      // answered below
    }
    throw new RefusedException(
        400, "IncompleteSignature", "Authorization header requires Signature Version 4");
  }

  private static void checkDate(String date) throws RefusedException {
    try {
      Instant signed = DATE.parse(String.valueOf(date), Instant::from);
      if (Duration.between(signed, Instant.now()).abs().compareTo(CLOCK_SKEW) <= 0) {
        return;
      }
    } catch (DateTimeParseException e) {
      // answered below
    }
    throw mismatch("Signature expired, or not yet current: " + date);
  }

  /**
   * s3proxy's own string to sign names the service s3; its canonical request and its key are those
   * of every service (IAM User Guide, "Create a signed AWS API request").
   */
  private static String signature(
      HttpServletRequest request, byte[] body, S3AuthorizationHeader header, String secret)
      throws IOException, RefusedException {
    try {
      String canonical =
          AwsSignature.createAuthorizationSignatureV4(
                  request, header, body, request.getRequestURI(), secret, false, null, null)
              .canonicalRequest();
      String toSign =
          String.join(
              "\n",
              "AWS4-HMAC-SHA256",
              request.getHeader("x-amz-date"),
              header.getDate()
                  + "/"
                  + header.getRegion()
                  + "/"
                  + header.getService()
                  + "/aws4_request",
              hex(MessageDigest.getInstance("SHA-256").digest(bytes(canonical))));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(AwsSignature.deriveSigningKeyV4(header, secret), "HmacSHA256"));
      return hex(mac.doFinal(bytes(toSign)));
    } catch (S3Exception e) {
      throw new RefusedException(400, "IncompleteSignature", String.valueOf(e.getMessage()));
    } catch (GeneralSecurityException e) {
      throw new IOException("The signature cannot be computed", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static RefusedException mismatch(String message) {
    return new RefusedException(403, "SignatureDoesNotMatch", message);
  }

  /** The parameters of an {@code application/x-www-form-urlencoded} body. */
  static Map<String, String> parameters(byte[] body) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
