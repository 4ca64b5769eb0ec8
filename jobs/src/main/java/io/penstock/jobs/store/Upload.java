package io.penstock.jobs.store;

import java.io.IOException;
import java.io.OutputStream;

/** The bytes of one object on their way. Closing without {@link #complete} abandons the upload. */
public abstract class Upload extends OutputStream {

  /** Sends what is left. The object stays invisible until the store publishes it. */
  public abstract PendingObject complete() throws IOException;

  @Override
  public abstract void write(byte[] bytes, int offset, int length) throws IOException;

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }
}
