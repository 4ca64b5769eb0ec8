package io.penstock.bench;

import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.Key;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.secret.LocalSecrets;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.tunnel.SshTunnels;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Optional;

/**
 * Bytes there and back through our tunnel, and through {@code ssh -L}, by the same OpenSSH server.
 */
final class TunnelContest implements Contest {
  /** About what a row of lineitem is as CSV. */
  private static final int BYTES_OF_ROW = 128;

  @Override
  public String name() {
    return "tunnel";
  }

  @Override
  public String peer() {
    return "ssh -L";
  }

  @Override
  public boolean isMeantBy(String word) {
    return word.equals(name()) || word.equals(name() + "/ssh");
  }

  @Override
  public List<String> programs() {
    return List.of("ssh", "sshd", "ssh-keygen");
  }

  @Override
  public Line run(Setting setting) throws Exception {
    long bytes = setting.rows(Lineitem.Form.TYPED).count() * BYTES_OF_ROW;
    try (ByteServer server = ByteServer.start();
        SshDaemon daemon = SshDaemon.start(new Folder(setting.output().resolve("ssh")))) {
      String target = "127.0.0.1:" + server.port();
      Tunnel tunnel = tunnel(daemon);
      LocalSecrets secrets =
          new LocalSecrets(
              remote -> {
                throw new IllegalStateException("no secret is remote here");
              });
      int near = SshDaemon.freePort();
      Process ssh = ssh(daemon, near + ":" + target);
      try {
        daemon.awaitListening(near);
        Exchange ours =
            new Exchange(bytes, () -> port(SshTunnels.entrance(tunnel, target, secrets)));
        Exchange theirs = new Exchange(bytes, () -> near);
        Paired.Result result = new Paired(setting.rounds(), 1).time(ours, theirs);
        if (ours.checksum != theirs.checksum) {
          throw new IllegalStateException("the bytes differ");
        }
        return Line.of(this, result, "≥ 0.9", 1, "bytes equal, both ways");
      } finally {
        ssh.destroy();
        SshTunnels.closeAll();
      }
    }
  }

  private static int port(String endpoint) {
    return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
  }

  private static Tunnel tunnel(SshDaemon daemon) throws IOException {
    return new Tunnel(
        "127.0.0.1",
        daemon.port(),
        daemon.user(),
        Optional.empty(),
        Optional.of(new Key(new Secret.SecretFile(daemon.key().toString()), Optional.empty())),
        new HostKey.KnownHosts(daemon.knownHosts().toString()));
  }

  private static Process ssh(SshDaemon daemon, String forward) throws IOException {
    return new ProcessBuilder(
            "ssh",
            "-F",
            "none",
            "-N",
            "-L",
            forward,
            "-i",
            daemon.key().toString(),
            "-o",
            "BatchMode=yes",
            "-o",
            "UserKnownHostsFile=" + daemon.knownHosts(),
            "-p",
            Integer.toString(daemon.port()),
            daemon.user() + "@127.0.0.1")
        .redirectError(Redirect.INHERIT)
        .start();
  }

  /** Where a connection begins; known before the clock starts. */
  private interface Entrance {
    int port() throws Exception;
  }

  private static final class Exchange implements Paired.Work {
    private final long bytes;
    private final Entrance entrance;
    private int port;
    private long checksum;

    Exchange(long bytes, Entrance entrance) {
      this.bytes = bytes;
      this.entrance = entrance;
    }

    @Override
    public void prepare() throws Exception {
      port = entrance.port();
    }

    @Override
    public void run() throws IOException {
      checksum = ByteServer.exchanged(port, bytes);
    }
  }
}
