package io.penstock.sandbox.redshift.wire;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads protocol messages; a body can be copied on without being held in memory. */
public final class MessageInput {
  /** Nothing in the protocol is longer; a larger length is garbage. */
  private static final int LONGEST = 1 << 30;

  private static final int BUFFER = 1 << 16;

  private final DataInputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int length;

  public MessageInput(InputStream in) {
    this.in = new DataInputStream(new BufferedInputStream(in, BUFFER));
  }

  /** The first message of a connection, which has no type byte. */
  public Message startup() throws IOException {
    readLength();
    return new Message('\0', body());
  }

  /** The next message's type, or -1 at the end of the connection. Its body must be read next. */
  public int next() throws IOException {
    int type = in.read();
    if (type >= 0) {
      readLength();
    }
    return type;
  }

  private void readLength() throws IOException {
    length = in.readInt() - 4;
    if (length < 0 || length > LONGEST) {
      throw new IOException("A protocol message of " + length + " bytes cannot be");
    }
  }

  public byte[] body() throws IOException {
    return in.readNBytes(length);
  }

  /** Reads one whole message. */
  public Message message() throws IOException {
    int type = next();
    if (type < 0) {
      throw new EOFException("The connection ended");
    }
    return new Message((char) type, body());
  }

  /** Writes the current message on as it is. */
  public void copyTo(char type, MessageOutput out) throws IOException {
    out.writeHeader(type, length);
    int left = length;
    while (left > 0) {
      int count = Math.min(left, buffer.length);
      in.readFully(buffer, 0, count);
      out.writePart(buffer, count);
      left -= count;
    }
  }

  /** True when the next read will not wait. */
  public boolean hasBuffered() throws IOException {
    return in.available() > 0;
  }
}
