package io.penstock.sandbox.s3;

import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;

/** Refuses what a signature alone does not show: wrong regions, wrong and expired tokens. */
final class Sessions {
  private final AccessKeys keys;
  private final String region;

  Sessions(AccessKeys keys, String region) {
    this.keys = keys;
    this.region = region;
  }

  String region() {
    return region;
  }

  /** Empty: it may go on to the check of its signature. */
  Optional<Refusal> refusal(HttpServletRequest request) {
    return Claim.of(request)
        .flatMap(claim -> refusal(claim, request.getParameter("location") != null));
  }

  /** GetBucketLocation may be signed for any region. */
  private Optional<Refusal> refusal(Claim claim, boolean anyRegion) {
    String signed = claim.region();
    if (!anyRegion && signed != null && !signed.equals(region)) {
      return Optional.of(Refusal.wrongRegion(signed, region));
    }
    return tokenRefusal(claim);
  }

  Optional<Refusal> tokenRefusal(Claim claim) {
    String token = claim.sessionToken();
    Optional<TemporaryKey> temporary = keys.temporary(claim.accessKey());
    if (temporary.isEmpty()) {
      return token != null && keys.isOwner(claim.accessKey())
          ? Optional.of(Refusal.INVALID_TOKEN)
          : Optional.empty();
    }
    if (token == null) {
      return Optional.of(Refusal.UNKNOWN_ACCESS_KEY);
    }
    if (!MessageDigest.isEqual(bytes(token), bytes(temporary.get().sessionToken()))) {
      return Optional.of(Refusal.INVALID_TOKEN);
    }
    return Instant.now().isBefore(temporary.get().expires())
        ? Optional.empty()
        : Optional.of(Refusal.EXPIRED_TOKEN);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
