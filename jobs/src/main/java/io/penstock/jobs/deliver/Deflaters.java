package io.penstock.jobs.deliver;

import java.util.zip.Deflater;

/** Compressors without headers of their own. */
final class Deflaters {
  private static final int FASTEST = 1;

  private Deflaters() {}

  static Deflater fast() {
    return new Deflater(FASTEST, true);
  }
}
