package io.penstock.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * How large our gzip files are beside what zlib makes of the same content at its level 6, and that
 * each is a single member, since many readers stop after the first.
 */
record GzipSize(double most) implements Judge {
  private static final int LEVEL = 6;
  private static final int HEADER_AND_TRAILER = 18;
  private static final int BUFFER_BYTES = 1 << 16;

  @Override
  public String verdict(Folder ours, Folder peer) throws IOException {
    long zlib = 0;
    for (Path file : ours.files()) {
      zlib += recompressed(file);
    }
    double ratio = (double) ours.bytes() / zlib;
    return String.format(
        Locale.ROOT,
        "one member each, %.2f of the size by zlib-6 (%s ≤ %.2f)",
        ratio,
        ratio <= most ? "is" : "IS NOT",
        most);
  }

  private static long recompressed(Path file) throws IOException {
    Deflater deflater = new Deflater(LEVEL, true);
    try (InputStream packed = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        InputStream content = new GzipCompressorInputStream(packed, false);
        OutputStream again =
            new DeflaterOutputStream(OutputStream.nullOutputStream(), deflater, BUFFER_BYTES)) {
      content.transferTo(again);
      if (packed.read() >= 0) {
        throw new IllegalStateException(file + " has more than one gzip member");
      }
      again.close();
      return deflater.getBytesWritten() + HEADER_AND_TRAILER;
    } finally {
      deflater.end();
    }
  }
}
