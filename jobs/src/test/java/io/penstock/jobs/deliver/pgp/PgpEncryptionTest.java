package io.penstock.jobs.deliver.pgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.common.config.PgpConfig;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.LocalSecrets;
import io.penstock.common.secret.Secret;
import io.penstock.common.secret.SecretResolver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.bouncycastle.bcpg.AEADAlgorithmTags;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.Features;
import org.bouncycastle.bcpg.sig.PreferredAEADCiphersuites.Combination;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is encrypted is read back by Bouncy Castle's reader; {@link GnuPgIT} reads it by gpg. */
class PgpEncryptionTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:34:56Z");
  private static final int[] SIZES = {
    0, 1, 65_500, OcbChunks.CHUNK, 2 * OcbChunks.CHUNK + 16, 1_000_003
  };

  private static byte[] random(int size) {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }

  private static byte[] encrypted(PgpEncryption encryption, byte[] data) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    try (PgpOutput output = encryption.open(message, "people.csv")) {
      output.write(data);
      output.finish();
    }
    return message.toByteArray();
  }

  private static PgpEncryption encryption(KeyMaker key) throws IOException {
    return PgpEncryption.of(Configs.of(key.armored()), Configs.INLINE, NOW);
  }

  /** What keys ask for, the form they get, and the first octet of the data packet's body. */
  enum Asked {
    NOTHING(said -> {}, "AES-256 with MDC", 1),
    AES_192(
        said ->
            said.setPreferredSymmetricAlgorithms(
                false,
                new int[] {SymmetricKeyAlgorithmTags.CAST5, SymmetricKeyAlgorithmTags.AES_192}),
        "AES-192 with MDC",
        1),
    NO_AES(
        said ->
            said.setPreferredSymmetricAlgorithms(
                false, new int[] {SymmetricKeyAlgorithmTags.TRIPLE_DES}),
        "AES-128 with MDC",
        1),
    LIBREPGP(
        said -> said.setFeature(false, Features.FEATURE_AEAD_ENCRYPTED_DATA),
        "AES-256 with OCB",
        1),
    SEIPD_2(said -> said.setFeature(false, Features.FEATURE_SEIPD_V2), "AES-128 with OCB", 2),
    SEIPD_2_AES_256(
        said -> {
          said.setFeature(false, Features.FEATURE_SEIPD_V2);
          said.setPreferredAEADCiphersuites(
              false,
              new Combination[] {
                new Combination(SymmetricKeyAlgorithmTags.AES_256, AEADAlgorithmTags.GCM),
                new Combination(SymmetricKeyAlgorithmTags.AES_192, AEADAlgorithmTags.OCB)
              });
        },
        "AES-192 with OCB",
        2);

    private final Consumer<PGPSignatureSubpacketGenerator> said;
    private final String form;
    private final int version;

    Asked(Consumer<PGPSignatureSubpacketGenerator> said, String form, int version) {
      this.said = said;
      this.form = form;
      this.version = version;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFormIsTheOneTheKeyAsksFor(Asked asked) throws Exception {
    KeyMaker key =
        KeyMaker.curve25519(asked.said.andThen(KeyMaker.flags(KeyMaker.CERTIFY)))
            .encryptionSubkey();
    PgpEncryption encryption = encryption(key);

    assertThat(encryption.toString()).isEqualTo("OpenPGP " + asked.form + " to " + fpr(key));
    for (int size : SIZES) {
      byte[] message = encrypted(encryption, random(size));
      int at = 2 + message[1]; // the session key packet is short
      assertThat(message[at] & 0x3f).isEqualTo(asked == Asked.LIBREPGP ? 20 : 18);
      Receiver read = Receiver.read(message, key.secret(), null);
      assertThat(read.data()).isEqualTo(random(size));
      assertThat(read.literal().getFileName()).isEqualTo("people.csv");
      assertThat(read.literal().getModificationTime()).isEqualTo(NOW);
      assertThat(encryption.toString()).contains(cipherName(read.cipher()));
    }
  }

  private static String cipherName(int cipher) {
    return switch (cipher) {
      case SymmetricKeyAlgorithmTags.AES_128 -> "AES-128";
      case SymmetricKeyAlgorithmTags.AES_192 -> "AES-192";
      default -> "AES-256";
    };
  }

  private static String fpr(KeyMaker key) {
    return KeyChoice.fingerprint(key.publicRing().getPublicKey());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void keysOfRfc9580AreEncryptedTo(int version) throws Exception {
    KeyMaker key =
        KeyMaker.primary(
                version,
                PGPKeyPairGenerator::generateEd25519KeyPair,
                KeyMaker.flags(KeyMaker.CERTIFY))
            .subkey(
                PGPKeyPairGenerator::generateX25519KeyPair,
                KeyMaker.MADE,
                KeyMaker.flags(KeyMaker.ENCRYPT));
    PgpEncryption encryption = encryption(key);

    assertThat(encryption.fingerprint()).hasSize(version == 6 ? 64 : 40);
    byte[] data = random(200_000);
    assertThat(Receiver.read(encrypted(encryption, data), key.secret(), null).data())
        .isEqualTo(data);
  }

  @Test
  void theNewestValidSubkeyIsEncryptedTo() throws Exception {
    Instant later = KeyMaker.MADE.plusSeconds(1000);
    KeyMaker key =
        KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY))
            .encryptionSubkey()
            .subkey(
                PGPKeyPairGenerator::generateNistP256ECDHKeyPair,
                later,
                KeyMaker.flags(KeyMaker.ENCRYPT))
            .subkey(
                PGPKeyPairGenerator::generateNistP384ECDHKeyPair,
                later.plusSeconds(1000),
                said -> {
                  said.setKeyFlags(true, KeyMaker.ENCRYPT);
                  said.setKeyExpirationTime(true, 60);
                })
            .subkey(
                PGPKeyPairGenerator::generateNistP256ECDSAKeyPair,
                later.plusSeconds(2000),
                KeyMaker.flags(KeyMaker.CERTIFY));

    KeyChoice.Chosen chosen =
        new KeyChoice(key.publicRing(), KeyUse.ENCRYPT, any -> true, NOW).choose();

    assertThat(chosen.key().getCreationTime().toInstant()).isEqualTo(later);
    byte[] message = encrypted(encryption(key), random(10));
    assertThat(Receiver.read(message, key.secret(), null).data()).isEqualTo(random(10));
  }

  @Test
  void keysOfEveryTextualFormAreRead(@TempDir Path folder) throws Exception {
    KeyMaker key = KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY)).encryptionSubkey();
    byte[] binary = key.publicRing().getEncoded();
    Path file = Files.write(folder.resolve("key.gpg"), binary);
    SecretResolver secrets =
        new LocalSecrets(
            Map.of("KEY", Base64.getMimeEncoder().encodeToString(binary)), Configs.INLINE);
    for (Secret secret :
        new Secret[] {
          new Secret.Literal("\r\n" + key.armored().indent(8).replace("\n", "\r\n")),
          new Secret.Environment("KEY"),
          new Secret.SecretFile(file.toString())
        }) {
      PgpConfig.Key from = new PgpConfig.Key(secret, "k", Configs.of("").publicKey().place());
      PgpConfig config = new PgpConfig(from, Optional.of(fpr(key)), false, Optional.empty());
      assertThat(PgpEncryption.of(config, secrets, NOW).fingerprint()).isEqualTo(fpr(key));
    }
  }

  @Test
  void armourIsTextAndTheSecondMessageIsAnother() throws Exception {
    KeyMaker key = KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY)).encryptionSubkey();
    PgpEncryption encryption =
        PgpEncryption.of(Configs.of(key.armored(), Optional.empty(), true), Configs.INLINE, NOW);
    byte[] message = encrypted(encryption, random(5000));

    assertThat(new String(message, StandardCharsets.US_ASCII))
        .startsWith("-----BEGIN PGP MESSAGE-----\n\n")
        .endsWith("\n-----END PGP MESSAGE-----\n");
    assertThat(Receiver.read(message, key.secret(), null).data()).isEqualTo(random(5000));
    assertThat(encrypted(encryption, random(5000))).isNotEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "corréct horse"})
  void signaturesAreGoodInATaskToo(String passphrase) throws Exception {
    KeyMaker receiver = KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY)).encryptionSubkey();
    KeyMaker sender =
        KeyMaker.primary(
            4,
            PGPKeyPairGenerator::generateNistP256ECDSAKeyPair,
            KeyMaker.flags(KeyMaker.CERTIFY),
            passphrase.isEmpty() ? null : passphrase);
    PgpEncryption encryption =
        PgpEncryption.of(
            Configs.signed(
                receiver.armored(), KeyMaker.armored(sender.secret().getEncoded()), passphrase),
            Configs.INLINE,
            NOW);

    byte[] message = encrypted(inATask(encryption), random(70_000));

    Receiver read = Receiver.read(message, receiver.secret(), sender.publicRing().getPublicKey());
    assertThat(read.signed()).isTrue();
    assertThat(read.data()).isEqualTo(random(70_000));
    assertThat(encryption.toString()).endsWith(fpr(receiver) + ", signed");
  }

  private static PgpEncryption inATask(PgpEncryption encryption) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(encryption);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (PgpEncryption) in.readObject();
    }
  }

  @Test
  void aWrongPassphraseIsInNoMessage() throws Exception {
    KeyMaker receiver = KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY)).encryptionSubkey();
    KeyMaker sender =
        KeyMaker.primary(
            4,
            PGPKeyPairGenerator::generateLegacyEd25519KeyPair,
            KeyMaker.flags(KeyMaker.CERTIFY),
            "right");
    String secret = KeyMaker.armored(sender.secret().getEncoded());
    for (String passphrase : new String[] {"canary7f3a", ""}) {
      PgpConfig config = Configs.signed(receiver.armored(), secret, passphrase);
      PenstockException refused =
          assertThrows(
              PenstockException.class, () -> PgpEncryption.of(config, Configs.INLINE, NOW));
      assertThat(refused).hasNoCause();
      assertThat(refused.getMessage())
          .startsWith("PGP_KEY_REFUSED: the key destinations.files.pgp.sign.private-key")
          .contains("passphrase")
          .doesNotContain("canary7f3a");
      assertThat(PgpEncryption.problems(config, NOW))
          .singleElement()
          .extracting(Object::toString)
          .asString()
          .startsWith("job.conf:7:5: PGP_KEY_REFUSED destinations.files.pgp.sign.private-key: ")
          .doesNotContain("canary7f3a");
    }
  }

  @Test
  void theStreamBelowStaysOpenAndAnUnfinishedMessageIsNone() throws Exception {
    KeyMaker key = KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY)).encryptionSubkey();
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    OutputStream below =
        new FilterOutputStream(message) {
          @Override
          public void close() throws IOException {
            throw new IOException("closed");
          }
        };
    try (PgpOutput output = encryption(key).open(below, "ü".repeat(200))) {
      output.write(random(100_000));
    }
    assertThrows(IOException.class, () -> Receiver.read(message.toByteArray(), key.secret(), null));

    message.reset();
    try (PgpOutput output = encryption(key).open(below, "ü".repeat(200))) {
      output.write(random(100_000));
      output.finish();
    }
    Receiver read = Receiver.read(message.toByteArray(), key.secret(), null);
    assertThat(read.literal().getFileName()).isEqualTo("ü".repeat(127));
  }
}
