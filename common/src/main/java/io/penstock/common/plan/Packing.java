package io.penstock.common.plan;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.FileCount;
import io.penstock.common.names.FileName;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How rows become objects.
 *
 * @param entries names of the files within an archive; null where the encoding makes none
 * @param rowNumberColumn first column of the files; null: none
 * @param time what archives record as the time of their entries
 */
public record Packing(
    FileCount files,
    Encoding encoding,
    @Nullable FileName entries,
    @Nullable String rowNumberColumn,
    Instant time)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * As many files as suit, without archive or row numbers.
   *
   * @param encoding no archive
   */
  public static Packing plain(Encoding encoding) {
    return plain(new FileCount.Auto(), encoding);
  }

  /**
   * Without archive or row numbers.
   *
   * @param encoding no archive
   */
  public static Packing plain(FileCount files, Encoding encoding) {
    return new Packing(files, encoding, null, null, Instant.EPOCH);
  }
}
