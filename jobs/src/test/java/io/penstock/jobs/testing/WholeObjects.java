package io.penstock.jobs.testing;

import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.PendingObject;
import io.penstock.jobs.store.Piece;
import io.penstock.jobs.store.PieceUpload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** A store for tests of what writes whole objects alone. */
public abstract class WholeObjects implements ObjectStore {
  @Override
  public final String beginJoined(String key) {
    throw noPieces();
  }

  @Override
  public final PieceUpload beginPiece(String key, String handle, int slot, int slots) {
    throw noPieces();
  }

  @Override
  public final PendingObject join(String key, String handle, List<Piece> pieces, int slots) {
    throw noPieces();
  }

  @Override
  public final void discard(Piece piece) {
    throw noPieces();
  }

  @Override
  public InputStream open(String key) throws IOException {
    return new ByteArrayInputStream(
        read(key).orElseThrow(() -> new NoSuchFileException("no object " + key)));
  }

  private static AssertionError noPieces() {
    return new AssertionError("an object in pieces was not expected");
  }
}
