package io.penstock.jobs.deliver.pgp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;

/**
 * Reads an exported key: armoured (RFC 9580 section 6), binary, or binary in Base64. Lines of text
 * may be indented, as they are within a job file.
 */
final class KeyFile {
  private static final String BEGIN = "-----BEGIN PGP ";
  private static final int LARGEST = 1 << 20;
  private static final String EXPORT = "write what gpg --armor --export FINGERPRINT prints";

  private KeyFile() {}

  static PGPPublicKeyRing publicKey(byte[] content) throws KeyRefusedException {
    List<Object> objects = objects(content);
    if (objects.stream().anyMatch(PGPSecretKeyRing.class::isInstance)) {
      throw new KeyRefusedException(
          "it is a secret key, which no receiver gives away",
          EXPORT + "; ask the receiver for a fresh key if this one was not meant to be seen");
    }
    return one(objects, PGPPublicKeyRing.class, "public", EXPORT);
  }

  static PGPSecretKeyRing secretKey(byte[] content) throws KeyRefusedException {
    return one(
        objects(content),
        PGPSecretKeyRing.class,
        "secret",
        "write what gpg --armor --export-secret-keys FINGERPRINT prints");
  }

  private static <T> T one(List<Object> objects, Class<T> type, String kind, String remedy)
      throws KeyRefusedException {
    if (objects.size() > 1 && objects.stream().allMatch(type::isInstance)) {
      throw new KeyRefusedException(
          "there are " + objects.size() + " keys in it", remedy + ", for one key alone");
    }
    if (objects.size() != 1 || !type.isInstance(objects.get(0))) {
      throw new KeyRefusedException("it holds something else than a " + kind + " key", remedy);
    }
    return type.cast(objects.get(0));
  }

  private static List<Object> objects(byte[] content) throws KeyRefusedException {
    try {
      List<Object> objects = new ArrayList<>();
      for (byte[] binary : binaries(content)) {
        BcPGPObjectFactory factory = new BcPGPObjectFactory(binary);
        for (Object next = factory.nextObject(); next != null; next = factory.nextObject()) {
          objects.add(next);
        }
      }
      return objects;
    } catch (IOException | RuntimeException e) {
      // The exception is not kept: it may describe the content.
      throw new KeyRefusedException(
          "it cannot be read as an OpenPGP key: it is damaged, or of an algorithm that is not"
              + " supported",
          EXPORT);
    }
  }

  /** The packets of each armoured block, or of the one binary key. */
  private static List<byte[]> binaries(byte[] content) throws IOException {
    if (content.length == 0 || content.length > LARGEST) {
      throw new IOException("no key has " + content.length + " bytes");
    }
    // The first bit of every packet is set (RFC 9580 section 4.2), and of no character of text.
    if (content[0] < 0) {
      return List.of(content);
    }
    String text = new String(content, StandardCharsets.UTF_8);
    if (!text.contains(BEGIN)) {
      return List.of(Base64.getDecoder().decode(text.replaceAll("\\s", "")));
    }
    String stripped = text.lines().map(String::strip).collect(Collectors.joining("\n", "", "\n"));
    List<byte[]> blocks = new ArrayList<>();
    int at = stripped.indexOf(BEGIN);
    while (at >= 0) {
      int next = stripped.indexOf(BEGIN, at + 1);
      blocks.add(dearmored(stripped.substring(at, next < 0 ? stripped.length() : next)));
      at = next;
    }
    return blocks;
  }

  private static byte[] dearmored(String block) throws IOException {
    try (InputStream armored =
        new ArmoredInputStream(new ByteArrayInputStream(block.getBytes(StandardCharsets.UTF_8)))) {
      return armored.readAllBytes();
    }
  }
}
