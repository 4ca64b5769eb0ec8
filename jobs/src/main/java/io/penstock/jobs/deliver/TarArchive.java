package io.penstock.jobs.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/** A POSIX tar: long and non-ASCII names and large sizes in PAX headers. */
final class TarArchive implements Archive {
  private static final int READABLE = 0100644;

  private final TarArchiveOutputStream tar;
  private final @Nullable GzipOutput gzip;
  private final Instant time;

  /**
   * @param gzip the same as {@code out} where the archive is compressed; else null
   */
  TarArchive(OutputStream out, @Nullable GzipOutput gzip, Instant time) {
    this.tar = new TarArchiveOutputStream(new Unclosed(out), StandardCharsets.UTF_8.name());
    this.gzip = gzip;
    this.time = time.truncatedTo(ChronoUnit.SECONDS);
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  @Override
  public Entry begin(String name) {
    return new Plain(name);
  }

  @Override
  public void finish() throws IOException {
    tar.finish();
    tar.flush();
    if (gzip != null) {
      gzip.finish();
    }
  }

  @Override
  public void close() {
    if (gzip != null) {
      gzip.close();
    }
  }

  private final class Plain implements Entry {
    private final String name;
    private final Spool spool = new Spool();

    Plain(String name) {
      this.name = name;
    }

    @Override
    public OutputStream content() {
      return spool;
    }

    @Override
    public void finish() throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(spool.count());
      entry.setLastModifiedTime(java.nio.file.attribute.FileTime.from(time));
      entry.setMode(READABLE);
      entry.setUserId(0);
      entry.setGroupId(0);
      tar.putArchiveEntry(entry);
      Archive.copy(spool, tar);
      tar.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
      spool.close();
    }
  }
}
