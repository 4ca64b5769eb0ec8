package io.penstock.jobs.deliver.pgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.OCBBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OcbTest {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  @ParameterizedTest
  @CsvSource({"16", "24", "32"})
  void agreesWithBouncyCastle(int keyBytes) throws Exception {
    Random random = new Random(keyBytes);
    for (int length = 0; length < 4000; length += length < 100 ? 1 : 37) {
      byte[] key = bytes(random, keyBytes);
      byte[] nonce = bytes(random, Ocb.NONCE);
      byte[] associated = bytes(random, random.nextInt(50));
      byte[] text = bytes(random, length);

      byte[] sealed = new byte[length + Ocb.BLOCK];
      new Ocb(key).seal(nonce, associated, text, length, sealed);

      OCBBlockCipher reference =
          new OCBBlockCipher(AESEngine.newInstance(), AESEngine.newInstance());
      reference.init(true, new AEADParameters(new KeyParameter(key), 128, nonce, associated));
      byte[] expected = new byte[length + Ocb.BLOCK];
      int written = reference.processBytes(text, 0, length, expected, 0);
      reference.doFinal(expected, written);
      assertThat(sealed).as("%d bytes", length).isEqualTo(expected);
    }
  }

  /** RFC 7253 appendix A: the nonce, the bytes of associated data and of text, what they become. */
  @ParameterizedTest
  @CsvSource({
    "BBAA99887766554433221100, 0, 0, 785407BFFFC8AD9EDCC5520AC9111EE6",
    "BBAA9988776655443322110B, 32, 0, FE80690BEE8A485D11F32965BC9D2A32",
    "BBAA9988776655443322110C, 0, 32, 2942BFC773BDA23CABC6ACFD9BFD5835BD300F0973792EF46040C53F1432"
        + "BCDFB5E1DDE3BC18A5F840B52E653444D5DF",
    "BBAA9988776655443322110D, 40, 40, D5CA91748410C1751FF8A2F618255B68A0A12E093FF454606E59F9C1D0"
        + "DDC54B65E8628E568BAD7AED07BA06A4A69483A7035490C5769E60"
  })
  void sealsTheSamplesOfTheStandard(String nonce, int associated, int length, String expected)
      throws Exception {
    byte[] sealed = new byte[length + Ocb.BLOCK];
    new Ocb(counting(16))
        .seal(HEX.parseHex(nonce), counting(associated), counting(length), length, sealed);

    assertThat(HEX.formatHex(sealed)).isEqualTo(expected);
  }

  private static byte[] counting(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
