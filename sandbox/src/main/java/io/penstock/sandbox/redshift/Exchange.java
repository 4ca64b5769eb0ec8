package io.penstock.sandbox.redshift;

import io.penstock.sandbox.redshift.wire.Message;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What was sent to the server up to one ReadyForQuery, and where the answers go: to the client, or
 * to {@link #answers} for the front itself.
 */
final class Exchange {
  private final boolean forFront;
  private final Backend.@Nullable CopyReceiver receiver;
  private final BlockingQueue<Message> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> succeeded = new CompletableFuture<>();
  private volatile boolean readyIsForFront;
  private volatile boolean failed;

  Exchange(boolean forFront) {
    this(forFront, null);
  }

  /**
   * @param receiver of the rows that COPY sends; null: they are answers as others
   */
  Exchange(boolean forFront, Backend.@Nullable CopyReceiver receiver) {
    this.forFront = forFront;
    this.receiver = receiver;
  }

  Backend.@Nullable CopyReceiver receiver() {
    return receiver;
  }

  boolean forFront() {
    return forFront;
  }

  BlockingQueue<Message> answers() {
    return answers;
  }

  /** The client did not ask for the ReadyForQuery that ends this exchange. */
  void keepReadyFromClient() {
    readyIsForFront = true;
  }

  boolean readyIsForFront() {
    return readyIsForFront;
  }

  void fail() {
    failed = true;
  }

  void end() {
    succeeded.complete(!failed);
  }

  void connectionLost(IOException cause) {
    succeeded.completeExceptionally(cause);
    answers.add(new Message('\0', new byte[0]));
  }

  /** Waits for the end; false where the server reported an error. */
  boolean await() throws IOException {
    try {
      return succeeded.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException("The PostgreSQL connection ended", e);
    }
  }
}
