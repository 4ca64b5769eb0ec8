package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.PieceUpload;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one file of a task is a piece of an object that all tasks write. */
final class PieceFiles implements FileHome {
  private final WriterSettings settings;
  private final ObjectStore store;
  private final JoinedObject joined;
  private final int slot;
  private final int slots;
  private final RowEncoder.Factory encoders;
  private @Nullable PieceUpload upload;
  private @Nullable DeflateOutput deflated;
  private @Nullable FilePiece complete;

  PieceFiles(WriterSettings settings, ObjectStore store, JoinedObject joined, int slot, int slots) {
    this.settings = settings;
    this.store = store;
    this.joined = joined;
    this.slot = slot;
    this.slots = slots;
    this.encoders = Encoders.ofPiece(settings.format(), settings.schema());
  }

  @Override
  public FilePipeline begin(Place place, long number) throws IOException {
    PieceUpload begun = store.beginPiece(joined.key(), joined.handle(), slot, slots);
    upload = begun;
    OutputStream out = begun;
    if (settings.packing().encoding() == Encoding.GZIP) {
      DeflateOutput compressed = new DeflateOutput(begun);
      deflated = compressed;
      out = compressed;
    }
    return FilePipeline.open(out, joined.key(), Encoding.NONE, encoders);
  }

  @Override
  public void end(FilePipeline file) throws IOException {
    PieceUpload begun = upload;
    if (begun == null) {
      throw new IllegalStateException("no piece was begun");
    }
    DeflateOutput compressed = deflated;
    if (compressed != null) {
      compressed.finishPiece();
    }
    complete =
        new FilePiece(
            begun.complete(),
            file.rows(),
            compressed == null ? 0 : compressed.checksum(),
            compressed == null ? 0 : compressed.count());
  }

  @Override
  public TaskFiles complete() {
    close();
    FilePiece piece = complete;
    return new TaskFiles(List.of(), piece == null ? List.of() : List.of(piece));
  }

  private void close() {
    if (deflated != null) {
      deflated.close();
      deflated = null;
    }
  }

  @Override
  public void abandon() throws IOException {
    close();
    FilePiece piece = complete;
    try (PieceUpload begun = upload) {
      if (piece != null) {
        store.discard(piece.piece());
      }
    }
  }
}
