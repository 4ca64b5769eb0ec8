package io.penstock.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** OpenSSH's server on a free port of the loopback, and a key that it lets in. */
final class SshDaemon implements AutoCloseable {
  private static final int TRIES = 100;

  private final Folder folder;
  private final Process process;
  private final int port;

  private SshDaemon(Folder folder, Process process, int port) {
    this.folder = folder;
    this.process = process;
    this.port = port;
  }

  static SshDaemon start(Folder folder) throws IOException, InterruptedException {
    Path home = folder.emptied().path();
    for (String key : List.of("host", "user")) {
      Program.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
    }
    int port = freePort();
    Files.writeString(
        home.resolve("sshd_config"),
        """
        ListenAddress 127.0.0.1
        Port %d
        HostKey %s/host
        AuthorizedKeysFile %s/user.pub
        PidFile none
        StrictModes no
        PermitRootLogin yes
        PasswordAuthentication no
        """
            .formatted(port, home, home));
    if (Files.isWritable(Path.of("/run"))) {
      // where it starts as root, it shuts its helpers in there
      Files.createDirectories(Path.of("/run/sshd"));
    }
    Process process =
        new ProcessBuilder(path(), "-D", "-e", "-f", home.resolve("sshd_config").toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(home.resolve("log").toFile()))
            .start();
    SshDaemon daemon = new SshDaemon(folder, process, port);
    daemon.awaitListening(port);
    return daemon;
  }

  /** It re-executes itself, and so wants to be called by its whole path. */
  private static String path() {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .map(folder -> Path.of(folder, "sshd"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow()
        .toString();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until something accepts connections at a port. */
  void awaitListening(int expected) throws IOException, InterruptedException {
    for (int tried = 0; tried < TRIES; tried++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), expected)) {
        return;
      } catch (IOException notYet) {
        Thread.sleep(100);
      }
    }
    throw new IOException("nothing listens: " + Files.readString(folder.path().resolve("log")));
  }

  int port() {
    return port;
  }

  String user() {
    return System.getProperty("user.name");
  }

  Path key() {
    return folder.path().resolve("user");
  }

  /** A known_hosts file that has the server. */
  Path knownHosts() throws IOException {
    String key = Files.readString(folder.path().resolve("host.pub"));
    return Files.writeString(
        folder.path().resolve("known_hosts"), "[127.0.0.1]:" + port + " " + key);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    folder.delete();
  }
}
