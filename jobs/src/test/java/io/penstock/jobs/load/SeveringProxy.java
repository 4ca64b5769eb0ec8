package io.penstock.jobs.load;

import io.penstock.jobs.testing.ForwardingProxy;
import java.io.IOException;
import java.net.Socket;

/** Passes connections on as they are. */
final class SeveringProxy extends ForwardingProxy {

  SeveringProxy(int target) throws IOException {
    super(target);
    start();
  }

  @Override
  protected void pass(Socket client, Socket server) {
    daemon(() -> copy(client, server));
    daemon(() -> copy(server, client));
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      return;
    }
  }
}
