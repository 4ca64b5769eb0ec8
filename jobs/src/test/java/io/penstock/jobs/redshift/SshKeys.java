package io.penstock.jobs.redshift;

import io.penstock.jobs.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

/** Private keys as OpenSSH's and OpenSSL's own programs make them. */
record SshKeys(Path folder) {
  private static final Tool KEYGEN = new Tool("ssh-keygen");
  private static final Tool OPENSSL = new Tool("openssl");

  static boolean canMake() {
    return KEYGEN.isInstalled() && OPENSSL.isInstalled();
  }

  /**
   * A key in OpenSSH's own format, its public half beside it.
   *
   * @param type such as {@code ed25519}, {@code rsa-2048}, {@code ecdsa-384}
   */
  String openssh(String type, String passphrase, String name) throws Exception {
    return made(type, passphrase, name, "RFC4716");
  }

  /** PKCS#1 for RSA, SEC 1 for elliptic curves. */
  String pem(String type, String passphrase, String name) throws Exception {
    return made(type, passphrase, name, "PEM");
  }

  private String made(String type, String passphrase, String name, String format) throws Exception {
    String[] parts = type.split("-", -1);
    Path file = folder.resolve(name);
    if (parts.length == 1) {
      KEYGEN.out("-q", "-t", parts[0], "-m", format, "-N", passphrase, "-f", file.toString());
    } else {
      KEYGEN.out(
          "-q",
          "-t",
          parts[0],
          "-b",
          parts[1],
          "-m",
          format,
          "-N",
          passphrase,
          "-f",
          file.toString());
    }
    return Files.readString(file);
  }

  /** PKCS#8, encrypted with AES where there is a passphrase. */
  String pkcs8(String type, String passphrase, String name) throws Exception {
    Path plain = folder.resolve(name + ".plain");
    switch (type.split("-", -1)[0]) {
      case "rsa" ->
          OPENSSL.out(
              "genpkey",
              "-algorithm",
              "RSA",
              "-pkeyopt",
              "rsa_keygen_bits:2048",
              "-out",
              plain.toString());
      case "ecdsa" ->
          OPENSSL.out(
              "genpkey",
              "-algorithm",
              "EC",
              "-pkeyopt",
              "ec_paramgen_curve:P-" + type.split("-", -1)[1],
              "-out",
              plain.toString());
      default -> OPENSSL.out("genpkey", "-algorithm", "ED25519", "-out", plain.toString());
    }
    Path file = folder.resolve(name);
    if (passphrase.isEmpty()) {
      Files.copy(plain, file);
    } else {
      OPENSSL.out(
          "pkcs8",
          "-topk8",
          "-in",
          plain.toString(),
          "-out",
          file.toString(),
          "-passout",
          "pass:" + passphrase);
    }
    Files.writeString(folder.resolve(name + ".pub"), publicKey(type, plain));
    return Files.readString(file);
  }

  private static String publicKey(String type, Path plain) throws Exception {
    if (!type.equals("ed25519")) {
      file600(plain);
      return new String(KEYGEN.out("-y", "-f", plain.toString()), StandardCharsets.UTF_8);
    }
    // ssh-keygen reads no Ed25519 in PKCS#8; the key is the end of what OpenSSL shows
    byte[] der = OPENSSL.out("pkey", "-in", plain.toString(), "-pubout", "-outform", "DER");
    byte[] blob = new byte[4 + 11 + 4 + 32];
    blob[3] = 11;
    System.arraycopy("ssh-ed25519".getBytes(StandardCharsets.US_ASCII), 0, blob, 4, 11);
    blob[18] = 32;
    byte[] key = Arrays.copyOfRange(der, der.length - 32, der.length);
    System.arraycopy(key, 0, blob, 19, 32);
    return "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob) + "\n";
  }

  private static void file600(Path file) throws IOException {
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
  }

  /** The line of authorized_keys for a key of that name. */
  String authorized(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".pub")).strip() + "\n";
  }
}
