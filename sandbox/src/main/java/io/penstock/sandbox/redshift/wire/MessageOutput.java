package io.penstock.sandbox.redshift.wire;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes protocol messages, buffered. Two threads may write in turn, never at the same time: the
 * one that relays the server's answers and the one that serves the client.
 */
public final class MessageOutput {
  private static final int BUFFER = 1 << 16;

  private final DataOutputStream out;

  public MessageOutput(OutputStream out) {
    this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
  }

  public synchronized void write(Message message) throws IOException {
    if (message.type() != '\0') {
      out.writeByte(message.type());
    }
    out.writeInt(message.body().length + 4);
    out.write(message.body());
  }

  public synchronized void writeHeader(char type, int length) throws IOException {
    out.writeByte(type);
    out.writeInt(length + 4);
  }

  public synchronized void writePart(byte[] bytes, int count) throws IOException {
    out.write(bytes, 0, count);
  }

  /** A single byte outside any message: the answer to a request for encryption. */
  public synchronized void writeByte(char value) throws IOException {
    out.writeByte(value);
  }

  public synchronized void flush() throws IOException {
    out.flush();
  }
}
