package io.penstock.jobs.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The receiver: GnuPG with a home of its own, and keys that are not locked. */
public final class GnuPg implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Path home;

  private GnuPg(Path home) {
    this.home = home;
  }

  /** Whether there is a gpg to run. */
  public static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "gpg")));
  }

  /** The home is a folder of the system's: the path of a socket in it must be short. */
  public static GnuPg create() throws IOException {
    return new GnuPg(
        Files.createTempDirectory(
            "gpg",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
  }

  /** What a call of gpg gave. */
  public record Answer(int exit, byte[] out, String err) {
    public String text() {
      return new String(out, StandardCharsets.UTF_8);
    }
  }

  /** Calls gpg with arguments before which it is told not to ask anybody anything. */
  public Answer call(String... arguments) throws IOException, InterruptedException {
    return call(new byte[0], arguments);
  }

  /**
   * As {@link #call(String...)}, with something to read.
   *
   * @param in standard input
   */
  public Answer call(byte[] in, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("gpg", "--homedir", home.toString()));
    command.addAll(List.of("--batch", "--no-tty", "--pinentry-mode", "loopback"));
    command.addAll(List.of("--passphrase", "", "--trust-model", "always"));
    command.addAll(List.of(arguments));
    Path input = Files.write(home.resolve("in"), in);
    Path output = home.resolve("out");
    Path errors = home.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("still running: " + command);
    }
    return new Answer(process.exitValue(), Files.readAllBytes(output), Files.readString(errors));
  }

  /** As {@link #call(byte[], String...)}; fails unless gpg succeeds. */
  public byte[] out(byte[] in, String... arguments) throws IOException, InterruptedException {
    Answer answer = call(in, arguments);
    if (answer.exit() != 0) {
      throw new IllegalStateException("gpg ended with " + answer.exit() + ":\n" + answer.err());
    }
    return answer.out();
  }

  /**
   * Makes a primary key and returns its fingerprint.
   *
   * @param usage such as {@code sign} or {@code default}
   * @param options before the command, such as {@code --faked-system-time}
   */
  public String key(String userId, String algorithm, String usage, String expiry, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--quick-gen-key", userId, algorithm, usage, expiry));
    out(new byte[0], arguments.toArray(String[]::new));
    return fingerprint(userId);
  }

  /** Adds a subkey. */
  public void subkey(String fingerprint, String algorithm, String usage)
      throws IOException, InterruptedException {
    out(new byte[0], "--quick-add-key", fingerprint, algorithm, usage, "never");
  }

  /** Of the primary key of a user ID. */
  public String fingerprint(String userId) throws IOException, InterruptedException {
    return call("--with-colons", "--list-keys", "=" + userId)
        .text()
        .lines()
        .filter(line -> line.startsWith("fpr:"))
        .findFirst()
        .orElseThrow()
        .split(":", -1)[9];
  }

  /** The armoured public key. */
  public String export(String fingerprint) throws IOException, InterruptedException {
    return call("--armor", "--export", fingerprint).text();
  }

  /** Revokes a primary key by the certificate that was made along with it. */
  public void revoke(String fingerprint) throws IOException, InterruptedException {
    String made = Files.readString(home.resolve("openpgp-revocs.d").resolve(fingerprint + ".rev"));
    out(made.replace(":-----BEGIN", "-----BEGIN").getBytes(StandardCharsets.UTF_8), "--import");
  }

  /** Ends the agent that gpg started for this home, and removes the home. */
  @Override
  public void close() throws IOException {
    try {
      new ProcessBuilder("gpgconf", "--homedir", home.toString(), "--kill", "all")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
