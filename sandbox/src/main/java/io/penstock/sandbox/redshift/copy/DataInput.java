package io.penstock.sandbox.redshift.copy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells a file that cannot be read from a client or server that cannot be written to. */
final class DataInput extends FilterInputStream {

  /** The file is truncated, not compressed as declared, or in another encoding. */
  static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreadable(IOException cause) {
      super(cause);
    }
  }

  DataInput(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw new Unreadable(e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return super.read(target, offset, length);
    } catch (IOException e) {
      throw new Unreadable(e);
    }
  }
}
