package io.penstock.jobs.tunnel;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * A key in PEM that PKCS#8 encrypts (RFC 5958 section 3) by PBES2 (RFC 8018 section 6.2), with
 * PBKDF2 or scrypt (RFC 7914 section 7). Java itself takes neither passphrases beyond ASCII nor
 * triple DES, which OpenSSL makes of {@code genrsa -des3}.
 */
final class EncryptedKey {
  static final String BEGIN = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
  private static final String END = "-----END ENCRYPTED PRIVATE KEY-----";

  private static final Map<ASN1ObjectIdentifier, Scheme> SCHEMES =
      Map.of(
          NISTObjectIdentifiers.id_aes128_CBC, new Scheme("AES", 16),
          NISTObjectIdentifiers.id_aes192_CBC, new Scheme("AES", 24),
          NISTObjectIdentifiers.id_aes256_CBC, new Scheme("AES", 32),
          PKCSObjectIdentifiers.des_EDE3_CBC, new Scheme("DESede", 24));

  private static final Map<ASN1ObjectIdentifier, String> FUNCTIONS =
      Map.of(
          PKCSObjectIdentifiers.id_hmacWithSHA1, "PBKDF2WithHmacSHA1",
          PKCSObjectIdentifiers.id_hmacWithSHA224, "PBKDF2WithHmacSHA224",
          PKCSObjectIdentifiers.id_hmacWithSHA256, "PBKDF2WithHmacSHA256",
          PKCSObjectIdentifiers.id_hmacWithSHA384, "PBKDF2WithHmacSHA384",
          PKCSObjectIdentifiers.id_hmacWithSHA512, "PBKDF2WithHmacSHA512");

  private EncryptedKey() {}

  /**
   * @param keyBytes the length of its keys
   */
  private record Scheme(String cipher, int keyBytes) {}

  /**
   * The same key in PEM, not encrypted.
   *
   * @throws GeneralSecurityException the passphrase is wrong, or the encryption is none of these
   * @throws IOException what stands in the text is no such key
   */
  static String decrypted(String pem, String passphrase)
      throws GeneralSecurityException, IOException {
    try {
      EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(content(pem));
      if (!info.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
        throw new NoSuchAlgorithmException("not PBES2");
      }
      byte[] key =
          decrypted(
              info.getEncryptedData(),
              PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters()),
              passphrase);
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (IllegalArgumentException e) {
      throw new IOException("not a key that PKCS#8 encrypts");
    }
  }

  private static byte[] content(String pem) throws IOException {
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException("not a whole key");
    }
    return Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
  }

  private static byte[] decrypted(byte[] data, PBES2Parameters parameters, String passphrase)
      throws GeneralSecurityException {
    Scheme scheme = SCHEMES.get(parameters.getEncryptionScheme().getAlgorithm());
    if (scheme == null) {
      throw new NoSuchAlgorithmException("another cipher");
    }
    byte[] vector =
        ASN1OctetString.getInstance(parameters.getEncryptionScheme().getParameters()).getOctets();
    byte[] key = derived(parameters.getKeyDerivationFunc(), passphrase, scheme.keyBytes());
    Cipher cipher = Cipher.getInstance(scheme.cipher() + "/CBC/PKCS5Padding");
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, scheme.cipher()), new IvParameterSpec(vector));
    return cipher.doFinal(data);
  }

  private static byte[] derived(KeyDerivationFunc function, String passphrase, int length)
      throws GeneralSecurityException {
    if (function.getAlgorithm().equals(MiscObjectIdentifiers.id_scrypt)) {
      ScryptParams scrypt = ScryptParams.getInstance(function.getParameters());
      return SCrypt.generate(
          passphrase.getBytes(StandardCharsets.UTF_8),
          scrypt.getSalt(),
          number(scrypt.getCostParameter()),
          number(scrypt.getBlockSize()),
          number(scrypt.getParallelizationParameter()),
          length);
    }
    if (!function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
      throw new NoSuchAlgorithmException("another key derivation");
    }
    PBKDF2Params pbkdf2 = PBKDF2Params.getInstance(function.getParameters());
    String name = FUNCTIONS.get(pbkdf2.getPrf().getAlgorithm());
    if (name == null) {
      throw new NoSuchAlgorithmException("another pseudo-random function");
    }
    PBEKeySpec password =
        new PBEKeySpec(
            passphrase.toCharArray(),
            pbkdf2.getSalt(),
            number(pbkdf2.getIterationCount()),
            length * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance(name).generateSecret(password).getEncoded();
    } finally {
      password.clearPassword();
    }
  }

  private static int number(BigInteger value) {
    try {
      return value.intValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too large");
    }
  }
}
