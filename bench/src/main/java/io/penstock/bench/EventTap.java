package io.penstock.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * An endpoint of events in this JVM that accepts every batch and keeps it as it came: it costs next
 * to nothing, so that what is measured is the sender.
 */
final class EventTap implements Receiver {
  private static final int BATCH = 500;

  static {
    // an answer is two packets, and the second would wait for the first to be acknowledged
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Folder folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private DataOutputStream kept;

  private EventTap(Folder folder, HttpServer server) throws IOException {
    this.folder = folder;
    this.server = server;
    this.kept = opened();
  }

  static EventTap start(Folder folder) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    EventTap tap = new EventTap(folder.emptied(), server);
    server.setExecutor(tap.threads);
    server.createContext("/", tap::take);
    server.start();
    return tap;
  }

  private Path batches() {
    return folder.path().resolve("batches");
  }

  private DataOutputStream opened() throws IOException {
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(batches())));
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      synchronized (this) {
        kept.writeInt(body.length);
        kept.write(body);
      }
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Override
  public String destination() {
    return """
        type = events
        to { http { url = "http://127.0.0.1:%d/v1/batch", write-key = "bench" } }
        identity { user-id = l_orderkey }
        batch { rows = %d, kilobytes = 2000 }
        requests-per-second = null
        """
        .formatted(server.getAddress().getPort(), BATCH);
  }

  @Override
  public synchronized void empty() throws IOException {
    kept.close();
    kept = opened();
  }

  @Override
  public synchronized long bytes() throws IOException {
    kept.flush();
    return Files.size(batches());
  }

  @Override
  public synchronized String rows() throws IOException {
    kept.flush();
    Path lines = folder.path().resolve("batches.json");
    try (DataInputStream in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(batches())));
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(lines))) {
      for (int length = next(in); length >= 0; length = next(in)) {
        try (InputStream body =
            new GZIPInputStream(new ByteArrayInputStream(in.readNBytes(length)))) {
          body.transferTo(out);
        }
        out.write('\n');
      }
    }
    return """
        SELECT e.userId::BIGINT AS l_orderkey, e.traits.l_linenumber AS l_linenumber,
          e.traits.l_comment AS l_comment
        FROM (SELECT unnest(batch) AS e FROM read_json('%s', format = 'newline_delimited', columns = {
          batch: 'STRUCT(userId VARCHAR, traits STRUCT(l_linenumber BIGINT, l_comment VARCHAR))[]'}))"""
        .formatted(lines);
  }

  /** The length of the next body; below zero: there is none. */
  private static int next(DataInputStream in) throws IOException {
    try {
      return in.readInt();
    } catch (EOFException end) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    threads.shutdownNow();
    kept.close();
    folder.delete();
  }
}
