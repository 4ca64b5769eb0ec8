package io.penstock.jobs.testing;

import java.util.zip.CRC32;

/** Checksums as results have them. */
public final class Checksums {
  private Checksums() {}

  public static String crc32(byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    return String.format("%08x", checksum.getValue());
  }
}
