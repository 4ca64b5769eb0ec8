package io.penstock.sandbox.redshift.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One protocol message: its type byte and its body without the length (PostgreSQL manual, "Message
 * Formats").
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere, and bodies can be large
public record Message(char type, byte[] body) {

  public Reader reader() {
    return new Reader(body);
  }

  public static Builder builder(char type) {
    return new Builder(type);
  }

  /** A message that is one zero-terminated string, such as a simple query. */
  public static Message text(char type, String text) {
    return builder(type).text(text).build();
  }

  /** Reads the fields of a body in order. */
  public static final class Reader {
    private final ByteBuffer buffer;

    private Reader(byte[] body) {
      this.buffer = ByteBuffer.wrap(body);
    }

    public byte int8() {
      return buffer.get();
    }

    public int int16() {
      return buffer.getShort();
    }

    public int int32() {
      return buffer.getInt();
    }

    public byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      buffer.get(bytes);
      return bytes;
    }

    public byte[] rest() {
      return bytes(buffer.remaining());
    }

    public boolean hasRemaining() {
      return buffer.hasRemaining();
    }

    /** A zero-terminated string in UTF-8. */
    public String text() {
      int start = buffer.position();
      int end = start;
      while (buffer.get(end) != 0) {
        end++;
      }
      buffer.position(end + 1);
      return new String(buffer.array(), start, end - start, StandardCharsets.UTF_8);
    }
  }

  /** Writes the fields of a body in order. */
  public static final class Builder {
    private final char type;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private Builder(char type) {
      this.type = type;
    }

    public Builder int8(int value) {
      body.write(value);
      return this;
    }

    public Builder int16(int value) {
      body.write(value >>> 8);
      body.write(value);
      return this;
    }

    public Builder int32(int value) {
      int16(value >>> 16);
      int16(value);
      return this;
    }

    public Builder bytes(byte[] bytes) {
      body.writeBytes(bytes);
      return this;
    }

    public Builder text(String text) {
      body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      body.write(0);
      return this;
    }

    public Message build() {
      return new Message(type, body.toByteArray());
    }
  }
}
