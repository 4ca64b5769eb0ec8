package io.penstock.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class Crc32Test {
  @Test
  void combinesWhatJavaComputesOverTheWhole() {
    Random random = new Random(32);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = new byte[random.nextInt(5000)];
      random.nextBytes(bytes);
      int first = bytes.length == 0 ? 0 : random.nextInt(bytes.length + 1);
      long combined =
          Crc32.combine(
              crc(bytes, 0, first), crc(bytes, first, bytes.length - first), bytes.length - first);
      assertThat(combined).isEqualTo(crc(bytes, 0, bytes.length));
    }
  }

  private static long crc(byte[] bytes, int offset, int count) {
    CRC32 crc = new CRC32();
    crc.update(bytes, offset, count);
    return crc.getValue();
  }
}
