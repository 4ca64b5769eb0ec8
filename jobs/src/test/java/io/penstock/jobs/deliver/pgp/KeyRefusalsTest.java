package io.penstock.jobs.deliver.pgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.common.config.PgpConfig;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRefusalsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:34:56Z");

  private static PenstockException refusal(PgpConfig config) {
    PenstockException refused =
        assertThrows(PenstockException.class, () -> PgpEncryption.of(config, Configs.INLINE, NOW));
    assertThat(refused.code()).isEqualTo(ErrorCode.PGP_KEY_REFUSED);
    assertThat(refused).hasNoCause();
    assertThat(PgpEncryption.problems(config, NOW))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(7);
              assertThat(problem.problem()).isEqualTo("cannot be used: " + refused.reason());
            });
    return refused;
  }

  private static String reason(String key) {
    return refusal(Configs.of(key)).reason();
  }

  private static String reason(PGPPublicKeyRing ring) throws IOException {
    return reason(KeyMaker.armored(ring.getEncoded()));
  }

  private static KeyMaker good() throws Exception {
    return KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY)).encryptionSubkey();
  }

  private static PGPPublicKey subkey(PGPPublicKeyRing ring) {
    PGPPublicKey last = ring.getPublicKey();
    for (PGPPublicKey key : ring) {
      last = key;
    }
    return last;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "AAAA",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n"
      })
  void whatIsNoKey(String text) {
    assertThat(reason(text)).containsAnyOf("cannot be read", "something else");
  }

  @Test
  void whatIsAnotherThingThanOnePublicKey() throws Exception {
    KeyMaker key = good();
    assertThat(reason(KeyMaker.armored(key.secret().getEncoded())))
        .isEqualTo("it is a secret key, which no receiver gives away");
    assertThat(reason(key.armored() + good().armored())).isEqualTo("there are 2 keys in it");
    byte[] message = new byte[] {(byte) 0xcb, 8, 'b', 0, 0, 0, 0, 0, 'h', 'i'};
    assertThat(reason(Base64.getEncoder().encodeToString(message)))
        .isEqualTo("it holds something else than a public key");
  }

  @Test
  void keysThatHaveExpiredAtTheInstantOfTheRun() throws Exception {
    long seconds = 3600;
    KeyMaker primary =
        KeyMaker.curve25519(
                said -> {
                  said.setKeyFlags(true, KeyMaker.CERTIFY);
                  said.setKeyExpirationTime(true, seconds);
                })
            .encryptionSubkey();
    assertThat(reason(primary.armored()))
        .isEqualTo("its primary key expired at 2026-01-01T01:00:00Z");
    assertThatCode(
            () ->
                PgpEncryption.of(
                    Configs.of(primary.armored()),
                    Configs.INLINE,
                    KeyMaker.MADE.plusSeconds(seconds - 1)))
        .doesNotThrowAnyException();
    KeyMaker subkey =
        KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY))
            .subkey(
                PGPKeyPairGenerator::generateLegacyX25519KeyPair,
                KeyMaker.MADE,
                said -> {
                  said.setKeyFlags(true, KeyMaker.ENCRYPT);
                  said.setKeyExpirationTime(true, seconds);
                });
    assertThat(reason(subkey.armored()))
        .startsWith("its key ")
        .endsWith(" that could encrypt expired at 2026-01-01T01:00:00Z");
  }

  @Test
  void keysThatAreRevokedBySomebodyEntitled() throws Exception {
    KeyMaker key = good();
    PGPPublicKeyRing ring = key.publicRing();
    assertThat(reason(key.signed(ring, PGPSignature.KEY_REVOCATION, ring.getPublicKey())))
        .isEqualTo("its owner has revoked it");
    assertThat(reason(key.signed(ring, PGPSignature.SUBKEY_REVOCATION, subkey(ring))))
        .startsWith("its key " + KeyChoice.fingerprint(subkey(ring)))
        .endsWith("is revoked");

    PGPPublicKeyRing byStranger = good().signed(ring, PGPSignature.SUBKEY_REVOCATION, subkey(ring));
    assertThatCode(
            () ->
                PgpEncryption.of(
                    Configs.of(KeyMaker.armored(byStranger.getEncoded())), Configs.INLINE, NOW))
        .doesNotThrowAnyException();
  }

  @Test
  void subkeysAndUserIdsThatAreNotSigned() throws Exception {
    KeyMaker key = good();
    PGPPublicKeyRing ring = key.publicRing();
    PGPPublicKeyRing other = good().publicRing();
    PGPPublicKeyRing foreign =
        new PGPPublicKeyRing(java.util.List.of(ring.getPublicKey(), subkey(other)));
    assertThat(reason(foreign)).endsWith("is not validly signed by the primary key");

    PGPPublicKey bare = PGPPublicKey.removeCertification(ring.getPublicKey(), "receiver");
    assertThat(reason(new PGPPublicKeyRing(java.util.List.of(bare, subkey(ring)))))
        .startsWith("no valid signature of its own is on it");
  }

  @Test
  void keysThatAreNotThereToEncrypt() throws Exception {
    assertThat(reason(KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY)).armored()))
        .isEqualTo("none of its keys is there to encrypt");
    KeyMaker signing =
        KeyMaker.primary(
            4, generator -> generator.generateRsaKeyPair(2048), KeyMaker.flags(KeyMaker.CERTIFY));
    assertThat(reason(signing.armored())).isEqualTo("none of its keys is there to encrypt");
  }

  @Test
  void keysThatAreTooWeak() throws Exception {
    KeyMaker primary =
        KeyMaker.primary(
            4,
            generator -> generator.generateRsaKeyPair(1024),
            KeyMaker.flags(KeyMaker.CERTIFY | KeyMaker.ENCRYPT));
    assertThat(reason(primary.armored()))
        .isEqualTo("its primary key has 1024 bits, which is too weak; 2048 is the least");
    KeyMaker subkey =
        KeyMaker.curve25519(KeyMaker.flags(KeyMaker.CERTIFY))
            .subkey(
                generator -> generator.generateRsaKeyPair(1024),
                KeyMaker.MADE,
                KeyMaker.flags(KeyMaker.ENCRYPT));
    assertThat(reason(subkey.armored()))
        .endsWith("has 1024 bits, which is too weak; 2048 is the least");
  }

  @Test
  void fingerprintsOfOtherKeys() throws Exception {
    KeyMaker key = good();
    String actual = KeyChoice.fingerprint(key.publicRing().getPublicKey());
    String ofSubkey = KeyChoice.fingerprint(subkey(key.publicRing()));

    assertThat(refusal(Configs.of(key.armored(), Optional.of("0".repeat(40)), false)).reason())
        .isEqualTo("its fingerprint is " + actual + ", not pgp.fingerprint");
    assertThat(refusal(Configs.of(key.armored(), Optional.of(ofSubkey), false)).remedy())
        .contains(actual);
  }

  @Test
  void keysToSignWithAreExaminedToo() throws Exception {
    KeyMaker key = good();
    PgpConfig publicAsPrivate = Configs.signed(key.armored(), key.armored(), "");
    assertThat(refusal(publicAsPrivate).reason())
        .isEqualTo("it holds something else than a secret key");
    PgpConfig revoked =
        Configs.signed(
            key.armored(),
            KeyMaker.armored(
                KeyMaker.primary(
                        4,
                        PGPKeyPairGenerator::generateLegacyEd25519KeyPair,
                        KeyMaker.flags(org.bouncycastle.bcpg.sig.KeyFlags.CERTIFY_OTHER))
                    .secret()
                    .getEncoded()),
            "");
    assertThat(refusal(revoked).reason()).isEqualTo("none of its keys is there to sign");
  }

  @Test
  void keysThatTheJobFileDoesNotHoldAreLeftForLater() {
    PgpConfig.Key elsewhere =
        new PgpConfig.Key(new Secret.Environment("KEY"), "k", Configs.of("").publicKey().place());
    PgpConfig config =
        new PgpConfig(
            elsewhere,
            Optional.empty(),
            false,
            Optional.of(new PgpConfig.Signing(elsewhere, Optional.empty())));
    assertThat(PgpEncryption.problems(config, NOW)).isEmpty();
  }

  @Test
  void damagedKeysAreRefusedInWords() throws Exception {
    byte[] key = good().publicRing().getEncoded();
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      byte[] damaged =
          java.util.Arrays.copyOf(key, i % 3 == 0 ? random.nextInt(key.length) : key.length);
      for (int flip = 0; flip < 1 + i % 4 && damaged.length > 0; flip++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      String text = Base64.getEncoder().encodeToString(damaged);
      Throwable failure =
          catchThrowable(() -> PgpEncryption.of(Configs.of(text), Configs.INLINE, NOW));
      if (failure != null) {
        assertThat(failure).isInstanceOf(PenstockException.class);
      }
    }
  }
}
