package io.penstock.jobs.store;

import java.io.IOException;
import java.io.OutputStream;

/** A run of bytes of a joined object on their way. Closing without {@link #complete} drops them. */
public abstract class PieceUpload extends OutputStream {

  /** Sends what is left, but for what must wait for its neighbours. */
  public abstract Piece complete() throws IOException;

  @Override
  public abstract void write(byte[] bytes, int offset, int length) throws IOException;

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }
}
