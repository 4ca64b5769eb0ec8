package io.penstock.sandbox.redshift.copy;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A CSV, delimited or JSON file, perhaps compressed. */
final class TextFile implements UnloadFile {
  private static final int FLUSH = 1 << 16;

  private final Path path;
  private final RowEncoder encoder;
  private final Counter counter;
  private final OutputStream out;
  private final StringBuilder lines = new StringBuilder();

  TextFile(RowEncoder encoder, Compression compression) throws IOException {
    this.path = Files.createTempFile("penstock-unload", ".txt");
    this.encoder = encoder;
    this.counter = new Counter(Files.newOutputStream(path));
    this.out = compression.compress(counter);
    encoder.header(lines);
  }

  @Override
  public void write(List<@Nullable String> row) throws IOException {
    encoder.row(row, lines);
    if (lines.length() >= FLUSH) {
      flush();
    }
  }

  private void flush() throws IOException {
    out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
    lines.setLength(0);
  }

  @Override
  public long size() {
    return counter.count + lines.length();
  }

  @Override
  public Path finish() throws IOException {
    flush();
    out.close();
    return path;
  }

  @Override
  public void close() throws IOException {
    counter.close();
    Files.deleteIfExists(path);
  }

  private static final class Counter extends FilterOutputStream {
    private long count;

    Counter(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }
}
