package io.penstock.sandbox.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.config.keys.AuthorizedKeysAuthenticator;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;

/**
 * A real SSH server on 127.0.0.1 that passes connections on to the sandbox's Redshift and does
 * nothing else: no shell, no command, no file. Its host keys and the public keys it lets in are
 * kept in a folder.
 */
public final class TunnelServer implements Closeable {
  /** The only user. */
  public static final String USER = "tunnel";

  private static final int KEY_BITS = 256;

  private final SshServer server;
  private final Path folder;
  private final List<KeyPair> hostKeys;

  private TunnelServer(SshServer server, Path folder, List<KeyPair> hostKeys) {
    this.server = server;
    this.folder = folder;
    this.hostKeys = hostKeys;
  }

  /**
   * Listens on a free port.
   *
   * @param password of {@link #USER}
   * @param database whom alone connections are passed on to
   */
  public static TunnelServer start(Path folder, String password, Destination database)
      throws IOException {
    Files.createDirectories(folder);
    Path authorized = folder.resolve("authorized_keys");
    if (!Files.exists(authorized)) {
      Files.createFile(
          authorized,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    List<KeyPair> hostKeys = new ArrayList<>();
    hostKeys.add(hostKey(folder.resolve("host_ed25519"), SecurityUtils.EDDSA));
    hostKeys.add(hostKey(folder.resolve("host_ecdsa"), KeyUtils.EC_ALGORITHM));
    SshServer server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
    byte[] expected = password.getBytes(StandardCharsets.UTF_8);
    server.setPasswordAuthenticator(
        (user, given, session) ->
            user.equals(USER)
                && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected));
    AuthorizedKeysAuthenticator keys = new AuthorizedKeysAuthenticator(authorized);
    server.setPublickeyAuthenticator(
        (user, key, session) -> user.equals(USER) && keys.authenticate(user, key, session));
    server.setChannelFactories(List.of(new ToDatabase(database)));
    server.setForwardingFilter(new OnlyTo(database));
    CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
    server.start();
    return new TunnelServer(server, folder, hostKeys);
  }

  private static KeyPair hostKey(Path file, String algorithm) throws IOException {
    SimpleGeneratorHostKeyProvider provider = new SimpleGeneratorHostKeyProvider(file);
    provider.setAlgorithm(algorithm);
    provider.setKeySize(KEY_BITS);
    return provider.loadKeys(null).iterator().next();
  }

  /** Lets connections to the database pass, by any of its names. */
  private static final class OnlyTo extends RejectAllForwardingFilter {
    private final Destination database;

    OnlyTo(Destination database) {
      this.database = database;
    }

    @Override
    public boolean canConnect(Type type, SshdSocketAddress address, Session session) {
      return database.isAt(address);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** The host keys as known_hosts has them: type and base64. */
  public List<String> hostKeys() {
    return hostKeys.stream().map(pair -> PublicKeyEntry.toString(pair.getPublic())).toList();
  }

  /** The SHA-256 fingerprints of the host keys. */
  public List<String> fingerprints() {
    return hostKeys.stream()
        .map(pair -> KeyUtils.getFingerPrint(BuiltinDigests.sha256, pair.getPublic()))
        .toList();
  }

  /** Public keys that may sign in, one a line; looked at anew for each connection. */
  public Path authorizedKeys() {
    return folder.resolve("authorized_keys").toAbsolutePath();
  }

  /** Writes a known_hosts file that knows this server, and answers where it is. */
  public Path knownHosts() throws IOException {
    List<String> lines =
        hostKeys().stream().map(key -> "[127.0.0.1]:" + port() + " " + key).toList();
    return Files.write(folder.resolve("known_hosts"), lines).toAbsolutePath();
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
