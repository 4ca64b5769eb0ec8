package io.penstock.jobs.store;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What probes write. */
final class Probes {
  static final byte[] CONTENT = "penstock verify\n".getBytes(StandardCharsets.US_ASCII);

  private Probes() {}

  static String unlikelyName() {
    return ".penstock-verify-" + UUID.randomUUID();
  }
}
