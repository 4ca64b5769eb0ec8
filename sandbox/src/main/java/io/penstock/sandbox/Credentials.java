package io.penstock.sandbox;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Properties;

/**
 * The secrets of one sandbox directory, kept in {@code credentials.properties} (mode 600) so that a
 * restart serves the same content to the same clients.
 *
 * @param superuserPassword of PostgreSQL's own superuser, which only the sandbox uses
 */
record Credentials(
    String accessKey,
    String secretKey,
    String password,
    String superuserPassword,
    String sshPassword,
    String writeKey) {
  private static final String FILE = "credentials.properties";
  private static final int SSH_PASSWORD = 24;
  private static final int WRITE_KEY = 27;
  private static final String ALPHABET =
      "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

  static Credentials of(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      return read(file);
    }
    SecureRandom random = new SecureRandom();
    Credentials created =
        new Credentials(
            "PENSTOCK" + text(random, 12).toUpperCase(java.util.Locale.ROOT),
            text(random, 40),
            "Aa1" + text(random, 24),
            text(random, 32),
            text(random, SSH_PASSWORD),
            text(random, WRITE_KEY));
    created.write(file);
    return created;
  }

  private static Credentials read(Path file) throws IOException {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    String sshPassword = properties.getProperty("ssh-password");
    String writeKey = properties.getProperty("write-key");
    Credentials kept =
        new Credentials(
            required(properties, "access-key", file),
            required(properties, "secret-key", file),
            required(properties, "password", file),
            required(properties, "superuser-password", file),
            sshPassword == null ? text(new SecureRandom(), SSH_PASSWORD) : sshPassword,
            writeKey == null ? text(new SecureRandom(), WRITE_KEY) : writeKey);
    if (sshPassword == null || writeKey == null) {
      kept.write(file);
    }
    return kept;
  }

  private static String required(Properties properties, String key, Path file) throws IOException {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IOException(
          file
              + " lacks "
              + key
              + ": the file is damaged; choose another --dir, or delete this one");
    }
    return value;
  }

  private void write(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("access-key", accessKey);
    properties.setProperty("secret-key", secretKey);
    properties.setProperty("password", password);
    properties.setProperty("superuser-password", superuserPassword);
    properties.setProperty("ssh-password", sshPassword);
    properties.setProperty("write-key", writeKey);
    Path partial =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            FILE,
            ".partial",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (Writer writer = Files.newBufferedWriter(partial, StandardCharsets.UTF_8)) {
      properties.store(writer, null);
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String text(SecureRandom random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "Credentials[" + accessKey + "]";
  }
}
