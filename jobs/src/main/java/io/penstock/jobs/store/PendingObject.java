package io.penstock.jobs.store;

import java.io.Serializable;
import java.util.List;

/**
 * An upload that is complete and invisible; it travels from an executor to the driver.
 *
 * @param handle what the store needs to publish it: an upload id, or the name of a hidden file
 * @param parts in order; empty for a directory
 * @param crc32 of the object's bytes
 */
public record PendingObject(String key, String handle, List<Part> parts, long bytes, long crc32)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * A part of a multipart upload.
   *
   * @param number from 1; parts follow each other by it, with gaps or without
   * @param tag the entity tag that S3 answered
   */
  public record Part(int number, String tag) implements Serializable {
    private static final long serialVersionUID = 1L;
  }
}
