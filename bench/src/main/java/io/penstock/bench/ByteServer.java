package io.penstock.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.zip.CRC32C;

/** Sends as many bytes as it is asked for, and takes as many, on a free port of the loopback. */
final class ByteServer implements AutoCloseable {
  private static final int BLOCK = 1 << 16;
  private static final byte[] CONTENT = content();

  private final ServerSocket listener;

  private ByteServer(ServerSocket listener) {
    this.listener = listener;
  }

  private static byte[] content() {
    byte[] content = new byte[BLOCK];
    new Random(7).nextBytes(content);
    return content;
  }

  static ByteServer start() throws IOException {
    ByteServer server = new ByteServer(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
    Thread thread = new Thread(server::accept, "byte-server");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept()) {
        serve(client);
      } catch (IOException closed) {
        continue;
      }
    }
  }

  /** A count; that many bytes back; that many bytes here; their checksum back. */
  private static void serve(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    DataOutputStream out = new DataOutputStream(client.getOutputStream());
    long bytes = in.readLong();
    send(out, bytes);
    out.writeLong(received(in, bytes));
    out.flush();
  }

  /**
   * Has bytes come and go through a port that leads to a server.
   *
   * @return the checksums of both ways
   */
  static long exchanged(int port, long bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      out.writeLong(bytes);
      long came = received(in, bytes);
      send(out, bytes);
      return came << Integer.SIZE | in.readLong();
    }
  }

  private static void send(OutputStream out, long bytes) throws IOException {
    for (long left = bytes; left > 0; left -= BLOCK) {
      out.write(CONTENT, 0, (int) Math.min(left, BLOCK));
    }
    out.flush();
  }

  private static long received(InputStream in, long bytes) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] block = new byte[BLOCK];
    long left = bytes;
    while (left > 0) {
      int read = in.read(block, 0, (int) Math.min(left, BLOCK));
      if (read < 0) {
        throw new IOException("the connection ended " + left + " bytes early");
      }
      checksum.update(block, 0, read);
      left -= read;
    }
    return checksum.getValue();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
