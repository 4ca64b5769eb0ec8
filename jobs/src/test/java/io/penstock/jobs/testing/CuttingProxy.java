package io.penstock.jobs.testing;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes unencrypted connections on to a server, counts what the clients ask it to execute
 * (PostgreSQL, "Message Flow": everything up to a Flush or Sync, or a simple Query), and disturbs
 * one of the requests.
 */
public final class CuttingProxy extends ForwardingProxy {
  private static final int LONGEST_ANSWER_SECONDS = 600;
  private static final byte[] SYNC = {'S', 0, 0, 0, 4};

  private final Cut cut;
  private final Fate fate;
  private final AtomicInteger counter = new AtomicInteger();
  private final AtomicBoolean done = new AtomicBoolean();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /** Which request is disturbed: the first of which this is true. */
  @FunctionalInterface
  public interface Cut {
    /**
     * @param number of the request, over all connections, from 1
     * @param request its bytes, as Latin-1
     */
    boolean at(int number, String request);
  }

  /** What becomes of the disturbed request's connection. */
  public enum Fate {
    /** It is cut; the server never reads the request. */
    CUT_BEFORE,
    /** The server carries the request out, its answer is lost, and the connection is cut. */
    CUT_AFTER,
    /** The server never reads the request, and the client waits for the answer for ever. */
    HOLD_BEFORE,
    /** The server carries the request out, and the client waits for the answer for ever. */
    HOLD_AFTER;

    private boolean isCarriedOut() {
      return this == CUT_AFTER || this == HOLD_AFTER;
    }

    private boolean isHeld() {
      return this == HOLD_BEFORE || this == HOLD_AFTER;
    }
  }

  public CuttingProxy(int target, Fate fate, Cut cut) throws IOException {
    super(target);
    this.fate = fate;
    this.cut = cut;
    start();
  }

  /** Cuts at the first COMMIT. */
  public static CuttingProxy atCommit(int target, Fate fate) throws IOException {
    return new CuttingProxy(target, fate, (number, request) -> request.contains("COMMIT"));
  }

  /** Whether a request was disturbed, and what the server had to do about it is done. */
  public boolean hasCut() {
    return done.get();
  }

  /** Every request so far, as Latin-1. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  protected void pass(Socket client, Socket server) {
    Link link = new Link(client, server);
    daemon(link::upstream);
    daemon(link::downstream);
  }

  /** One connection, in both directions. */
  private final class Link {
    private final Socket client;
    private final Socket server;
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile boolean deaf;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void upstream() {
      try (client;
          server) {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = server.getOutputStream();
        startup(in, out);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        boolean executes = false;
        for (int type = in.read(); type >= 0; type = in.read()) {
          message(type, in, request);
          executes |= type == 'E' || type == 'Q';
          if ("SQHXp".indexOf(type) < 0) {
            continue;
          }
          if (executes && !isLetThrough(request, type == 'H', out)) {
            return;
          }
          request.writeTo(out);
          out.flush();
          request.reset();
          executes = false;
        }
      } catch (IOException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** The one message without a type. */
    private void startup(DataInputStream in, OutputStream out) throws IOException {
      int length = in.readInt();
      DataOutputStream data = new DataOutputStream(out);
      data.writeInt(length);
      data.write(in.readNBytes(length - Integer.BYTES));
      data.flush();
    }

    private void message(int type, DataInputStream in, OutputStream request) throws IOException {
      int length = in.readInt();
      DataOutputStream data = new DataOutputStream(request);
      data.writeByte(type);
      data.writeInt(length);
      data.write(in.readNBytes(length - Integer.BYTES));
    }

    /**
     * @param open whether the client ends the request with a Flush, and would send the Sync later
     */
    private boolean isLetThrough(ByteArrayOutputStream request, boolean open, OutputStream out)
        throws IOException, InterruptedException {
      String text = request.toString(StandardCharsets.ISO_8859_1);
      requests.add(text);
      if (!cut.at(counter.incrementAndGet(), text) || done.get()) {
        return true;
      }
      if (fate.isCarriedOut()) {
        deaf = true;
        request.writeTo(out);
        out.write(open ? SYNC : new byte[0]);
        out.flush();
        answered.await(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS);
      }
      done.set(true);
      if (fate.isHeld()) {
        client.getInputStream().readAllBytes();
      }
      return false;
    }

    /** ReadyForQuery ends each answer. */
    void downstream() {
      try {
        InputStream in = server.getInputStream();
        DataInputStream data = new DataInputStream(in);
        DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
        for (int type = data.read(); type >= 0; type = data.read()) {
          int length = data.readInt();
          byte[] body = data.readNBytes(length - Integer.BYTES);
          if (!deaf) {
            out.writeByte(type);
            out.writeInt(length);
            out.write(body);
            out.flush();
          } else if (type == 'Z') {
            answered.countDown();
          }
        }
        client.close();
      } catch (IOException e) {
        return;
      }
    }
  }
}
