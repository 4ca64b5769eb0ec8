package io.penstock.jobs.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before a server on the loopback, and ends every connection when it is told to. */
public abstract class ForwardingProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  protected ForwardingProxy(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** To be called once the proxy is able to pass connections on. */
  protected final void start() {
    daemon(this::accept);
  }

  public final int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        // short messages that wait for an answer are not to wait for more to send
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        pass(client, server);
      } catch (IOException e) {
        continue;
      }
    }
  }

  /** Passes a connection on, in threads of its own. */
  protected abstract void pass(Socket client, Socket server);

  protected static void daemon(Runnable work) {
    Thread thread = new Thread(work, "forwarding-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends the connections there are; new ones are passed on. */
  public final void sever() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  @Override
  public final void close() throws IOException {
    listener.close();
    sever();
  }
}
