package io.penstock.jobs.deliver;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that must be kept until their number is known, as that of an archive's entry, which stands
 * before it. A few are kept in memory; more go to a temporary file, encrypted with a key that is
 * nowhere else, so that no disk holds what was to be delivered.
 */
final class Spool extends OutputStream implements Closeable {
  static final int MOST_IN_MEMORY = 8 << 20;
  private static final int KEY_BYTES = 16;
  private static final int BLOCK_BYTES = 64 << 10;

  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private final byte[] key = new byte[KEY_BYTES];
  private @Nullable FileChannel file;
  private @Nullable Cipher cipher;
  private long count;

  long count() {
    return count;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    count += length;
    if (file == null && memory.size() + (long) length <= MOST_IN_MEMORY) {
      memory.write(bytes, offset, length);
      return;
    }
    if (file == null) {
      file = temporary();
      new SecureRandom().nextBytes(key);
      cipher = cipher();
      byte[] kept = memory.toByteArray();
      memory.reset();
      encrypt(kept, 0, kept.length);
    }
    encrypt(bytes, offset, length);
  }

  private static FileChannel temporary() throws IOException {
    Path path = Files.createTempFile("penstock-spool", null);
    return FileChannel.open(
        path,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Counter mode from zero: the key is used for one file only. */
  private Cipher cipher() throws IOException {
    try {
      Cipher made = Cipher.getInstance("AES/CTR/NoPadding");
      made.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new IvParameterSpec(new byte[KEY_BYTES]));
      return made;
    } catch (GeneralSecurityException e) {
      throw new IOException("every Java platform has AES in counter mode", e);
    }
  }

  private void encrypt(byte[] bytes, int offset, int length) throws IOException {
    Cipher open = cipher;
    FileChannel to = file;
    if (open == null || to == null) {
      throw new IllegalStateException("no file to encrypt to");
    }
    byte[] encrypted = open.update(bytes, offset, length);
    ByteBuffer rest = ByteBuffer.wrap(encrypted == null ? new byte[0] : encrypted);
    while (rest.hasRemaining()) {
      to.write(rest);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** All that was written, from the beginning. Nothing may be written after. */
  InputStream read() throws IOException {
    FileChannel from = file;
    if (from == null) {
      return new ByteArrayInputStream(memory.toByteArray());
    }
    from.position(0);
    return new Decrypted(from, cipher());
  }

  @Override
  public void close() throws IOException {
    FileChannel open = file;
    if (open != null) {
      open.close();
    }
  }

  private static final class Decrypted extends InputStream {
    private final FileChannel from;
    private final Cipher cipher;
    private final ByteBuffer encrypted = ByteBuffer.allocate(BLOCK_BYTES);

    Decrypted(FileChannel from, Cipher cipher) {
      this.from = from;
      this.cipher = cipher;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      encrypted.clear().limit(Math.min(length, BLOCK_BYTES));
      int count = from.read(encrypted);
      if (count <= 0) {
        return -1;
      }
      try {
        return cipher.update(encrypted.array(), 0, count, bytes, offset);
      } catch (GeneralSecurityException e) {
        throw new IOException("cannot read what was spooled", e);
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }
  }
}
