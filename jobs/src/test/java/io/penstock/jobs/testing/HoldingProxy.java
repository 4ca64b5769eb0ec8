package io.penstock.jobs.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Passes unencrypted HTTP on to a server, counts the requests, and holds one of them: its client
 * waits for the answer for ever.
 */
public final class HoldingProxy extends ForwardingProxy {
  private static final Pattern REQUEST = Pattern.compile("^(GET|HEAD|PUT|POST|DELETE) /");
  private static final int CHUNK_BYTES = 64 << 10;

  private final boolean carriedOut;
  private final Held held;
  private final AtomicInteger counter = new AtomicInteger();
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final AtomicBoolean done = new AtomicBoolean();

  /** Which request is held: the first of which this is true. */
  @FunctionalInterface
  public interface Held {
    /**
     * @param number of the request, over all connections, from 1
     * @param line the request line
     */
    boolean is(int number, String line);
  }

  /**
   * @param carriedOut whether the server carries the request out, or never reads it
   */
  public HoldingProxy(int target, boolean carriedOut, Held held) throws IOException {
    super(target);
    this.carriedOut = carriedOut;
    this.held = held;
    start();
  }

  /** Holds nothing. */
  public static HoldingProxy counting(int target) throws IOException {
    return new HoldingProxy(target, false, (number, line) -> false);
  }

  /** Whether a request is held, and what the server had to do about it is done. */
  public boolean isHolding() {
    return done.get();
  }

  /** How many requests there were. */
  public int requests() {
    return counter.get();
  }

  @Override
  protected void pass(Socket client, Socket server) {
    AtomicBoolean deaf = new AtomicBoolean();
    daemon(() -> upstream(client, server, deaf));
    daemon(() -> downstream(client, server, deaf));
  }

  private void upstream(Socket client, Socket server, AtomicBoolean deaf) {
    try (client;
        server) {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        if (isHeld(chunk, length)) {
          if (!carriedOut) {
            done.set(true);
            in.readAllBytes();
            return;
          }
          deaf.set(true);
        }
        out.write(chunk, 0, length);
      }
    } catch (IOException e) {
      return;
    }
  }

  /** A client begins to send a request once it has the answer to the one before. */
  private boolean isHeld(byte[] chunk, int length) {
    String text = new String(chunk, 0, length, StandardCharsets.ISO_8859_1);
    return REQUEST.matcher(text).find()
        && held.is(counter.incrementAndGet(), text.lines().findFirst().orElse(""))
        && claimed.compareAndSet(false, true);
  }

  private void downstream(Socket client, Socket server, AtomicBoolean deaf) {
    try {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        if (!deaf.get() || isInterim(chunk, length)) {
          out.write(chunk, 0, length);
        } else {
          done.set(true);
        }
      }
      client.close();
    } catch (IOException e) {
      return;
    }
  }

  /** "100 Continue", which asks for the rest of a request. */
  private static boolean isInterim(byte[] chunk, int length) {
    return new String(chunk, 0, length, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 1");
  }
}
