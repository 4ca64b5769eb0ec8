package io.penstock.jobs.deliver;

import io.penstock.jobs.deliver.pgp.PgpEncryption;
import io.penstock.jobs.deliver.pgp.PgpOutput;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.PendingObject;
import io.penstock.jobs.store.Upload;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** One object on its way, encrypted where the delivery is. */
final class ObjectOutput implements Closeable {
  private final Upload upload;
  private final @Nullable PgpOutput encrypted;

  private ObjectOutput(Upload upload, @Nullable PgpOutput encrypted) {
    this.upload = upload;
    this.encrypted = encrypted;
  }

  static ObjectOutput begin(ObjectStore store, String key, @Nullable PgpEncryption encryption)
      throws IOException {
    Upload upload = store.begin(key);
    try {
      return new ObjectOutput(
          upload, encryption == null ? null : encryption.open(upload, plainName(key)));
    } catch (IOException | RuntimeException e) {
      try (upload) {
        throw e;
      }
    }
  }

  /** The name that a file has once it is decrypted. */
  private static String plainName(String key) {
    return key.substring(key.lastIndexOf('/') + 1).replaceFirst("\\.(pgp|gpg|asc)$", "");
  }

  OutputStream stream() {
    return encrypted == null ? upload : encrypted;
  }

  /** Sends what is left; may run in another thread than the writes did. */
  PendingObject complete() throws IOException {
    if (encrypted != null) {
      encrypted.finish();
      encrypted.close();
    }
    return upload.complete();
  }

  /** Abandons the object unless it is complete. */
  @Override
  public void close() throws IOException {
    try (upload) {
      if (encrypted != null) {
        encrypted.close();
      }
    }
  }
}
