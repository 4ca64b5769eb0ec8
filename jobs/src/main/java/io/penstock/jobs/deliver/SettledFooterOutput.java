package io.penstock.jobs.deliver;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Holds the end of a Parquet file back until the footer is there, to put what Parquet's writer
 * takes from sets into an order: in another JVM they iterate in another one, and equal rows are to
 * make equal files. A footer of more than 4 MiB stays as it is.
 */
final class SettledFooterOutput extends PositionOutputStream {
  private static final int MOST_HELD = 4 << 20;
  private static final int FIRST_HELD = 64 << 10;

  /** Length of the footer and the magic number (Parquet format, "File format"). */
  private static final int TRAILER_BYTES = 8;

  private final OutputStream out;
  private byte[] held = new byte[FIRST_HELD];
  private int count;
  private long position;

  SettledFooterOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public long getPos() {
    return position;
  }

  /** Bytes that are not held back any more. */
  long passed() {
    return position - count;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    position += length;
    if (length >= MOST_HELD) {
      out.write(held, 0, count);
      out.write(bytes, offset, length - MOST_HELD);
      count = 0;
      keep(bytes, offset + length - MOST_HELD, MOST_HELD);
      return;
    }
    if (count + length > 2 * MOST_HELD) {
      int passed = count - MOST_HELD;
      out.write(held, 0, passed);
      System.arraycopy(held, passed, held, 0, MOST_HELD);
      count = MOST_HELD;
    }
    keep(bytes, offset, length);
  }

  private void keep(byte[] bytes, int offset, int length) {
    if (count + length > held.length) {
      held = Arrays.copyOf(held, Math.max(count + length, held.length * 2));
    }
    System.arraycopy(bytes, offset, held, count, length);
    count += length;
  }

  /** The file ends here; the stream below stays open. */
  @Override
  public void close() throws IOException {
    int footer = count < TRAILER_BYTES ? -1 : footerBytes();
    int start = count - TRAILER_BYTES - footer;
    if (footer < 0 || start < 0) {
      out.write(held, 0, count);
    } else {
      byte[] settled = settled(start, footer);
      out.write(held, 0, start);
      out.write(settled);
      out.write(length(settled.length));
      out.write(held, count - 4, 4);
    }
    count = 0;
  }

  private int footerBytes() {
    return ByteBuffer.wrap(held, count - TRAILER_BYTES, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private static byte[] length(int bytes) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes).array();
  }

  private byte[] settled(int start, int length) throws IOException {
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(held, start, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        settle(column.getMeta_data());
      }
    }
    ByteArrayOutputStream settled = new ByteArrayOutputStream(length);
    Util.writeFileMetaData(footer, settled);
    return settled.toByteArray();
  }

  private static void settle(ColumnMetaData column) {
    List<Encoding> encodings = column.getEncodings();
    Collections.sort(encodings);
    if (column.isSetEncoding_stats()) {
      column
          .getEncoding_stats()
          .sort(
              Comparator.comparing(PageEncodingStats::getPage_type)
                  .thenComparing(PageEncodingStats::getEncoding));
    }
  }
}
