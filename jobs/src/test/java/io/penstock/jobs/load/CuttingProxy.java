package io.penstock.jobs.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passes connections on to a server, and cuts the first one that says COMMIT: before the server has
 * read it, or after, so that only the reply is lost.
 */
final class CuttingProxy implements AutoCloseable {
  private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listener;
  private final int target;
  private final boolean passCommitOn;
  private final AtomicBoolean cut = new AtomicBoolean();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  CuttingProxy(int target, boolean passCommitOn) throws IOException {
    this.target = target;
    this.passCommitOn = passCommitOn;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  boolean hasCut() {
    return cut.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        AtomicBoolean deaf = new AtomicBoolean();
        daemon(() -> upstream(client, server, deaf));
        daemon(() -> downstream(client, server, deaf));
      } catch (IOException e) {
        continue;
      }
    }
  }

  private void upstream(Socket client, Socket server, AtomicBoolean deaf) {
    try (client;
        server) {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      byte[] buffer = new byte[65_536];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (holdsCommit(buffer, n) && cut.compareAndSet(false, true)) {
          deaf.set(true);
          if (passCommitOn) {
            out.write(buffer, 0, n);
            out.flush();
            Thread.sleep(500);
          }
          return;
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void downstream(Socket client, Socket server, AtomicBoolean deaf) {
    try {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[65_536];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!deaf.get()) {
          out.write(buffer, 0, n);
          out.flush();
        }
      }
    } catch (IOException e) {
      return;
    }
  }

  private static boolean holdsCommit(byte[] buffer, int length) {
    for (int i = 0; i + COMMIT.length <= length; i++) {
      if (java.util.Arrays.equals(buffer, i, i + COMMIT.length, COMMIT, 0, COMMIT.length)) {
        return true;
      }
    }
    return false;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
