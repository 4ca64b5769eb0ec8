package io.penstock.jobs.deliver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Entries are compressed before they are put in, so that sizes and checksums stand before the
 * content, for readers that go from front to end; Zip64 where a size needs it.
 */
final class ZipArchive implements Archive {
  /** The earliest time that a zip can hold. */
  private static final LocalDateTime EARLIEST = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ZipArchiveOutputStream zip;
  private final LocalDateTime time;

  ZipArchive(OutputStream out, Instant time) {
    this.zip = new ZipArchiveOutputStream(new Unclosed(out));
    zip.setUseZip64(Zip64Mode.AsNeeded);
    LocalDateTime given = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    this.time = given.isBefore(EARLIEST) ? EARLIEST : given;
  }

  @Override
  public Entry begin(String name) {
    return new Deflated(name);
  }

  @Override
  public void finish() throws IOException {
    zip.finish();
  }

  @Override
  public void close() {}

  private final class Deflated implements Entry {
    private final String name;
    private final Spool spool = new Spool();
    private final DeflateOutput deflated = new DeflateOutput(spool);

    Deflated(String name) {
      this.name = name;
    }

    @Override
    public OutputStream content() {
      return deflated;
    }

    @Override
    public void finish() throws IOException {
      deflated.finish();
      ZipArchiveEntry entry = new ZipArchiveEntry(name);
      entry.setMethod(ZipEntry.DEFLATED);
      entry.setTimeLocal(time);
      entry.setSize(deflated.count());
      entry.setCompressedSize(spool.count());
      entry.setCrc(deflated.checksum());
      try (InputStream content = spool.read()) {
        zip.addRawArchiveEntry(entry, content);
      }
    }

    @Override
    public void close() throws IOException {
      deflated.close();
      spool.close();
    }
  }
}
