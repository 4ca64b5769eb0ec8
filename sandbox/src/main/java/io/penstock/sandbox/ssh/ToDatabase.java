package io.penstock.sandbox.ssh;

import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.apache.sshd.server.forward.DirectTcpipFactory;
import org.apache.sshd.server.forward.TcpipServerChannel;

/** Channels to the database (RFC 4254 section 7.2), whose names only this server can resolve. */
final class ToDatabase extends DirectTcpipFactory {
  private final Destination database;

  ToDatabase(Destination database) {
    this.database = database;
  }

  @Override
  public Channel createChannel(Session session) {
    return new TcpipServerChannel(getType(), ThreadUtils.noClose(getExecutorService())) {
      @Override
      protected OpenFuture doInit(Buffer request) {
        String host = request.getString();
        Buffer resolved = new ByteArrayBuffer();
        resolved.putString(database.isNamed(host) ? "127.0.0.1" : host);
        resolved.putBuffer(request);
        return super.doInit(resolved);
      }
    };
  }
}
