package io.penstock.sandbox.s3;

import java.util.Map;

/**
 * An error answer in Amazon's words (Amazon S3 API Reference, "Error responses").
 *
 * @param details further elements of the answer's XML
 */
record Refusal(int status, String code, String message, Map<String, String> details) {
  static final Refusal INTERNAL_ERROR =
      of(500, "InternalError", "We encountered an internal error. Please try again.");
  static final Refusal SLOW_DOWN = of(503, "SlowDown", "Please reduce your request rate.");
  static final Refusal INVALID_TOKEN =
      of(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  static final Refusal EXPIRED_TOKEN = of(400, "ExpiredToken", "The provided token has expired.");
  static final Refusal UNKNOWN_ACCESS_KEY =
      of(
          403,
          "InvalidAccessKeyId",
          "The AWS Access Key Id you provided does not exist in our records.");
  static final Refusal CUSTOMER_KEYS =
      of(
          501,
          "NotImplemented",
          "Encryption with keys of the customer is not supported by the sandbox");

  static Refusal of(int status, String code, String message) {
    return new Refusal(status, code, message, Map.of());
  }

  static Refusal wrongRegion(String signed, String region) {
    return new Refusal(
        400,
        "AuthorizationHeaderMalformed",
        "The authorization header is malformed; the region '"
            + signed
            + "' is wrong; expecting '"
            + region
            + "'",
        Map.of("Region", region));
  }
}
