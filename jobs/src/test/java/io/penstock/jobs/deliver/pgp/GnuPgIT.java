package io.penstock.jobs.deliver.pgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.testing.GnuPg;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GnuPG makes the keys, reads what is encrypted to them, and checks the signatures. */
class GnuPgIT {
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final List<Integer> SIZES = List.of(0, 1, 100_000, 21_000_003);
  private static final String UNPROTECTED =
      """
      %no-protection
      Key-Type: DSA
      Key-Length: 2048
      Subkey-Type: ELG-E
      Subkey-Length: 2048
      Name-Real: elgamal
      Expire-Date: 0
      %commit
      """;

  private static GnuPg gpg;

  @BeforeAll
  static void receiver() throws IOException {
    assumeTrue(GnuPg.isInstalled(), "gpg is not installed");
    gpg = GnuPg.create();
  }

  @AfterAll
  static void farewell() throws IOException {
    if (gpg != null) {
      gpg.close();
    }
  }

  private static String key(String kind) throws Exception {
    switch (kind) {
      case "rsa" -> gpg.key(kind, "rsa3072", "sign,encrypt", "never");
      case "rsa-subkey" -> gpg.subkey(gpg.key(kind, "rsa3072", "sign", "1y"), "rsa3072", "encrypt");
      case "curve25519" ->
          gpg.subkey(gpg.key(kind, "ed25519", "sign", "never"), "cv25519", "encrypt");
      case "nistp256" ->
          gpg.subkey(gpg.key(kind, "nistp256", "sign", "never"), "nistp256", "encrypt");
      case "brainpool" ->
          gpg.subkey(
              gpg.key(kind, "brainpoolP384r1", "sign", "never"), "brainpoolP384r1", "encrypt");
      default -> gpg.out(UNPROTECTED.getBytes(StandardCharsets.UTF_8), "--gen-key");
    }
    return gpg.fingerprint(kind);
  }

  private static byte[] encrypted(PgpEncryption encryption, byte[] data) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    try (PgpOutput output = encryption.open(message, "people ü.csv")) {
      int half = data.length / 2;
      output.write(data, 0, half);
      if (half < data.length) {
        output.write(data[half]);
        output.write(data, half + 1, data.length - half - 1);
      }
      output.finish();
    }
    return message.toByteArray();
  }

  private static byte[] random(int size) {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa", "rsa-subkey", "curve25519", "nistp256", "brainpool", "elgamal"})
  void gpgDecryptsWhatIsEncryptedToItsKeys(String kind) throws Exception {
    String fingerprint = key(kind);
    for (boolean armor : new boolean[] {false, true}) {
      PgpEncryption encryption =
          PgpEncryption.of(
              Configs.of(gpg.export(fingerprint), Optional.of(fingerprint), armor),
              Configs.INLINE,
              NOW);
      for (int size : SIZES) {
        byte[] data = random(size);
        byte[] message = encrypted(encryption, data);

        GnuPg.Answer answer = gpg.call(message, "--status-fd", "2", "--decrypt");
        assertThat(answer.exit()).as(answer.err()).isZero();
        assertThat(answer.out()).isEqualTo(data);
        assertThat(answer.err())
            .contains("[GNUPG:] GOODMDC", "[GNUPG:] DECRYPTION_OKAY")
            .contains("[GNUPG:] PLAINTEXT 62 " + NOW.getEpochSecond() + " people%20ü.csv");
      }
    }
  }

  @Test
  void gpgFindsTheIntegrityPacketAndNoCompression() throws Exception {
    String fingerprint = gpg.key("packets", "rsa2048", "sign,encrypt", "never");
    PgpEncryption encryption =
        PgpEncryption.of(Configs.of(gpg.export(fingerprint)), Configs.INLINE, NOW);

    String packets = gpg.call(encrypted(encryption, random(200_000)), "--list-packets").text();

    assertThat(packets)
        .contains(":pubkey enc packet: version 3", ":encrypted data packet:", "mdc_method: 2")
        .contains(":literal data packet:", "mode b")
        .contains("created " + NOW.getEpochSecond())
        .doesNotContain("compressed");
    assertThat(new String(encrypted(armored(fingerprint), random(99)), StandardCharsets.US_ASCII))
        .startsWith("-----BEGIN PGP MESSAGE-----\n\n")
        .endsWith("-----END PGP MESSAGE-----\n")
        .doesNotContain("Version", "Comment");
  }

  private static PgpEncryption armored(String fingerprint) throws Exception {
    return PgpEncryption.of(
        Configs.of(gpg.export(fingerprint), Optional.empty(), true), Configs.INLINE, NOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa3072", "ed25519", "nistp384", "dsa2048"})
  void gpgVerifiesSignatures(String algorithm) throws Exception {
    String receiver = gpg.key("receiver of " + algorithm, "rsa2048", "sign,encrypt", "never");
    String sender = lockedSender(algorithm);
    String secret =
        gpg.call("--passphrase", "s3cret", "--armor", "--export-secret-keys", sender).text();
    PgpEncryption encryption =
        PgpEncryption.of(
            Configs.signed(gpg.export(receiver), secret, "s3cret"), Configs.INLINE, NOW);
    byte[] data = random(300_001);

    GnuPg.Answer answer = gpg.call(encrypted(encryption, data), "--status-fd", "2", "--decrypt");

    assertThat(answer.exit()).as(answer.err()).isZero();
    assertThat(answer.out()).isEqualTo(data);
    assertThat(answer.err())
        .contains("[GNUPG:] GOODSIG", "[GNUPG:] GOODMDC")
        .containsPattern("\\[GNUPG:] VALIDSIG " + sender + " .* 10 00 " + sender);
  }

  private static String lockedSender(String algorithm) throws Exception {
    String name = "sender " + algorithm;
    gpg.out(
        new byte[0], "--passphrase", "s3cret", "--quick-gen-key", name, algorithm, "sign", "never");
    return gpg.fingerprint(name);
  }

  @Test
  void keysThatGpgWouldNotUseAreRefused() throws Exception {
    List<String> reasons = new ArrayList<>();
    String revoked = gpg.key("revoked", "rsa2048", "sign,encrypt", "never");
    gpg.revoke(revoked);
    String expired =
        gpg.key(
            "expired", "rsa2048", "sign,encrypt", "1y", "--faked-system-time", "20200101T000000");
    String signOnly = gpg.key("sign only", "ed25519", "sign", "never");
    String weak = gpg.key("weak", "rsa1024", "sign,encrypt", "never");
    for (String key : List.of(revoked, expired, signOnly, weak)) {
      reasons.add(refusal(gpg.export(key)).reason());
    }
    reasons.add(refusal(gpg.call("--armor", "--export-secret-keys", signOnly).text()).reason());
    reasons.add(refusal(gpg.export(signOnly) + gpg.export(weak)).reason());

    assertThat(reasons)
        .containsExactly(
            "its owner has revoked it",
            "its primary key expired at 2020-12-31T00:00:00Z",
            "none of its keys is there to encrypt",
            "its primary key has 1024 bits, which is too weak; 2048 is the least",
            "it is a secret key, which no receiver gives away",
            "there are 2 keys in it");
  }

  @Test
  void aReplacedSubkeyGivesWayToTheNewOne() throws Exception {
    String fingerprint = gpg.key("two subkeys", "ed25519", "sign", "never");
    gpg.out(
        new byte[0],
        "--faked-system-time",
        "20300101T000000",
        "--quick-add-key",
        fingerprint,
        "cv25519",
        "encrypt",
        "never");
    gpg.subkey(fingerprint, "rsa2048", "encrypt");
    PgpEncryption encryption =
        PgpEncryption.of(Configs.of(gpg.export(fingerprint)), Configs.INLINE, NOW);

    String packets = gpg.call(encrypted(encryption, random(10)), "--list-packets").text();

    assertThat(packets).contains(":pubkey enc packet: version 3, algo 18");
  }

  private static PenstockException refusal(String key) {
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class, () -> PgpEncryption.of(Configs.of(key), Configs.INLINE, NOW));
    assertThat(refused.code()).isEqualTo(ErrorCode.PGP_KEY_REFUSED);
    assertThat(refused.problem()).contains("destinations.files.pgp.public-key");
    return refused;
  }
}
