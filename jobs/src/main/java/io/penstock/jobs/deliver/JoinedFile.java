package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import io.penstock.jobs.deliver.RecordFile.Frame;
import io.penstock.jobs.store.Crc32;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.Piece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The pieces of all tasks with what stands before, between and behind their records. */
final class JoinedFile {
  private final boolean gzip;
  private final List<Piece> pieces = new ArrayList<>();
  private long checksum;
  private long count;
  private long rows;

  private JoinedFile(boolean gzip) {
    this.gzip = gzip;
  }

  /**
   * @param written of the tasks in their order, at least one
   * @param slots as the tasks were told
   */
  static StagedFile join(
      ObjectStore store, WriterSettings settings, List<FilePiece> written, int slots)
      throws IOException {
    JoinedObject object = settings.joined();
    if (object == null) {
      throw new IllegalStateException("there is no joined object");
    }
    JoinedFile file = new JoinedFile(settings.packing().encoding() == Encoding.GZIP);
    Frame frame = Encoders.encodedFrame(settings.format(), settings.schema().fileType());
    if (file.gzip) {
      file.pieces.add(Piece.of(GzipOutput.header()));
    }
    file.add(frame.head());
    for (FilePiece piece : written) {
      if (file.rows > 0) {
        file.add(frame.separator());
      }
      file.add(piece);
    }
    file.add(frame.tail());
    if (file.gzip) {
      file.pieces.add(Piece.of(BlockDeflater.END));
      file.pieces.add(Piece.of(GzipOutput.trailer(file.checksum, file.count)));
    }
    return new StagedFile(store.join(object.key(), object.handle(), file.pieces, slots), file.rows);
  }

  private void add(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    if (!gzip) {
      pieces.add(Piece.of(bytes));
      return;
    }
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    try (DeflateOutput deflated = new DeflateOutput(blocks)) {
      deflated.write(bytes, 0, bytes.length);
      deflated.finishPiece();
      checked(deflated.checksum(), deflated.count());
    }
    pieces.add(Piece.of(blocks.toByteArray()));
  }

  private void add(FilePiece piece) {
    checked(piece.checksum(), piece.count());
    pieces.add(piece.piece());
    rows += piece.rows();
  }

  private void checked(long next, long bytes) {
    checksum = Crc32.combine(checksum, next, bytes);
    count += bytes;
  }
}
