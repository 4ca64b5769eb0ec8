package io.penstock.jobs.store;

import java.io.Serializable;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A run of bytes of an object that several tasks write; it travels from an executor to the driver.
 *
 * @param head the first bytes, as far as they are not stored yet
 * @param parts that are stored and follow the head; empty for a directory
 * @param handle name of a hidden file that follows the head; empty for S3
 * @param bytes of all
 * @param crc32 of all
 */
public record Piece(
    byte[] head, List<PendingObject.Part> parts, String handle, long bytes, long crc32)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Bytes that no task wrote. */
  public static Piece of(byte[] bytes) {
    CRC32 crc32 = new CRC32();
    crc32.update(bytes);
    return new Piece(bytes, List.of(), "", bytes.length, crc32.getValue());
  }
}
