package io.penstock.bench;

import io.penstock.common.config.PgpConfig;
import io.penstock.common.config.Place;
import io.penstock.common.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** GnuPG with a key pair of its own, which goes with it. The user's keys are never looked at. */
final class GpgHome implements AutoCloseable {
  private static final String USER = "bench@penstock.example";

  private final Path home;

  private GpgHome(Path home) {
    this.home = home;
  }

  /** The folder has a short path: that of the agent's socket within may have 107 bytes. */
  static GpgHome create() throws IOException, InterruptedException {
    GpgHome gpg = new GpgHome(Files.createTempDirectory("pgp"));
    try {
      Program.run(
          gpg.home,
          gpg.command("--passphrase", "", "--quick-generate-key", USER, "default", "default"));
      return gpg;
    } catch (IOException | InterruptedException | RuntimeException e) {
      gpg.close();
      throw e;
    }
  }

  /** What a delivery needs to encrypt for the key. */
  PgpConfig receiver() throws IOException, InterruptedException {
    Path exported = home.resolve("receiver.asc");
    Program.run(home, command("--yes", "--armor", "--output", "receiver.asc", "--export", USER));
    return new PgpConfig(
        new PgpConfig.Key(
            new Secret.Literal(Files.readString(exported)),
            "pgp.public-key",
            new Place("bench", 0, 0)),
        Optional.empty(),
        false,
        Optional.empty());
  }

  /** Encrypts without compression of its own. */
  void encrypt(Path plain, Path encrypted) throws IOException, InterruptedException {
    Program.filter(
        home, plain, encrypted, command("-z0", "--trust-model", "always", "--encrypt", "-r", USER));
  }

  /** Decrypts a file to one without its last extension. */
  void decrypt(Path encrypted, Path folder) throws IOException, InterruptedException {
    String name = encrypted.getFileName().toString();
    Path plain = folder.resolve(name.substring(0, name.lastIndexOf('.')));
    Program.filter(home, encrypted, plain, command("--decrypt"));
  }

  private String[] command(String... arguments) {
    String[] command = new String[arguments.length + 5];
    command[0] = "gpg";
    command[1] = "--homedir";
    command[2] = home.toString();
    command[3] = "--batch";
    command[4] = "--quiet";
    System.arraycopy(arguments, 0, command, 5, arguments.length);
    return command;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    Program.run(home, "gpgconf", "--homedir", home.toString(), "--kill", "gpg-agent");
    new Folder(home).delete();
  }
}
