package io.penstock.jobs.store;

import io.penstock.jobs.store.PendingObject.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/** Parts of one multipart upload: one is on its way while the next is filled. */
final class S3Parts {
  private final S3ObjectStore store;
  private final String key;
  private final String uploadId;
  private final List<Part> parts = new ArrayList<>();
  private @Nullable Future<Part> sending;

  S3Parts(S3ObjectStore store, String key, String uploadId) {
    this.store = store;
    this.key = key;
    this.uploadId = uploadId;
  }

  /** Sends a part once the one before it has arrived; its bytes must not change until then. */
  void send(int number, byte[] bytes, int offset, int length) throws IOException {
    await();
    sending =
        UploadThreads.POOL.submit(
            () -> {
              RequestBody body =
                  RequestBody.fromContentProvider(
                      () -> new ByteArrayInputStream(bytes, offset, length),
                      length,
                      "application/octet-stream");
              return new Part(number, store.uploadPart(key, uploadId, number, body));
            });
  }

  /** The parts that were sent, all of which have arrived. */
  List<Part> arrived() throws IOException {
    await();
    return List.copyOf(parts);
  }

  /** Waits until nothing is on its way. */
  void settle() throws IOException {
    await();
  }

  private void await() throws IOException {
    Future<Part> last = sending;
    if (last == null) {
      return;
    }
    sending = null;
    try {
      parts.add(last.get());
    } catch (InterruptedException e) {
      last.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while sending a part of " + store.address(key), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("cannot send a part of " + store.address(key), e.getCause());
    }
  }
}
