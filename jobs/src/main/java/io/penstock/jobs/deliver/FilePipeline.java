package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import io.penstock.jobs.store.Upload;
import java.io.Closeable;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;

/** One file: rows through the encoder, through compression, into an upload. */
final class FilePipeline implements Closeable {
  private final Upload upload;
  private final @Nullable GzipOutput gzip;
  private final RowEncoder encoder;
  private long rows;

  private FilePipeline(Upload upload, @Nullable GzipOutput gzip, RowEncoder encoder) {
    this.upload = upload;
    this.gzip = gzip;
    this.encoder = encoder;
  }

  /** Takes the upload over, also where this fails. */
  static FilePipeline open(
      Upload upload, String key, Encoding encoding, RowEncoder.Factory encoders)
      throws IOException {
    try {
      GzipOutput gzip = encoding == Encoding.GZIP ? new GzipOutput(upload) : null;
      return new FilePipeline(upload, gzip, encoders.open(gzip == null ? upload : gzip, key));
    } catch (IOException | RuntimeException e) {
      try (upload) {
        throw e;
      }
    }
  }

  void write(InternalRow row) throws IOException {
    encoder.write(row);
    rows++;
  }

  /** Encodes what is left. Nothing but {@link #complete} or {@link #close} may follow. */
  void finish() throws IOException {
    encoder.finish();
    encoder.close();
    if (gzip != null) {
      gzip.finish();
      gzip.close();
    }
  }

  /** Sends what is left; may run in another thread than the rows did. */
  StagedFile complete() throws IOException {
    return new StagedFile(upload.complete(), rows);
  }

  /** Abandons the upload unless it is complete. */
  @Override
  public void close() throws IOException {
    try (upload) {
      encoder.close();
    } finally {
      if (gzip != null) {
        gzip.close();
      }
    }
  }
}
