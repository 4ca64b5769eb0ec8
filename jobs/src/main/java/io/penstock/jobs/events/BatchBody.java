package io.penstock.jobs.events;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** {@code {"batch":[…]}}, each record with the time at which it was sent. */
final class BatchBody {
  private static final byte[] START = ascii("{\"batch\":[");
  private static final byte[] END = ascii("]}");
  private static final byte[] SENT_AT = ascii(",\"sentAt\":\"");
  private static final byte[] END_OF_RECORD = ascii("\"}");
  private static final int BYTES_OF_TIME = "2026-01-01T00:00:00.000Z".length();

  private BatchBody() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Bytes of a batch without records. */
  static int empty() {
    return START.length + END.length;
  }

  /** Bytes that a record adds to a batch, a comma included. */
  static int added(byte[] record) {
    return record.length + SENT_AT.length + BYTES_OF_TIME + END_OF_RECORD.length;
  }

  /** The largest record that a batch of so many bytes can hold. */
  static int mostOfRecord(int bytes) {
    return bytes - empty() - added(new byte[0]);
  }

  /**
   * The bytes that are sent.
   *
   * @param records whole JSON objects, none of which has {@code sentAt}
   */
  static byte[] of(List<byte[]> records, Instant sentAt, boolean gzip) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = gzip ? new FastGzip(bytes) : bytes) {
      write(records, ascii(Texts.millis(sentAt)), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(List<byte[]> records, byte[] time, OutputStream out)
      throws IOException {
    out.write(START);
    boolean first = true;
    for (byte[] record : records) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.write(record, 0, record.length - 1);
      out.write(SENT_AT);
      out.write(time);
      out.write(END_OF_RECORD);
    }
    out.write(END);
  }

  /** Batches are small and leave at once: what a better ratio would save costs more. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 8 << 10);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
