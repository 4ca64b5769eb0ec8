package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.penstock.common.config.Encoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written in pieces comes back whole, and is never more than was announced. */
class ZstdOutputTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, 3_000_000})
  void comesBack(int length) throws IOException {
    byte[] content = content(length, 64);
    try (InputStream read = new ZstdInputStream(new ByteArrayInputStream(compressed(content)))) {
      assertThat(read.readAllBytes()).isEqualTo(content);
    }
  }

  private static byte[] content(int length, int letters) {
    Random random = new Random(3);
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) random.nextInt(letters);
    }
    return content;
  }

  private static byte[] compressed(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CompressedOutput zstd = CompressedOutput.of(Encoding.ZSTD, out)) {
      assertThat(zstd).isNotNull();
      for (int at = 0; at < content.length; at += 700_001) {
        zstd.write(content, at, Math.min(700_001, content.length - at));
      }
      zstd.finish();
    }
    return out.toByteArray();
  }

  /** Of bytes that cannot be compressed. */
  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"GZIP", "ZSTD"})
  void holdsNoMoreThanItSays(Encoding encoding) throws IOException {
    byte[] content = content(1_000_000, 256);
    for (int length : new int[] {0, 1, 100_000, 262_143, 262_144, 400_000, 1_000_000}) {
      CountedOutput out = new CountedOutput(java.io.OutputStream.nullOutputStream());
      try (CompressedOutput compressed = CompressedOutput.of(encoding, out)) {
        assertThat(compressed).isNotNull();
        compressed.write(content, 0, length);
        long announced = out.count() + compressed.held();
        compressed.finish();
        assertThat(out.count()).as("of " + length + " bytes").isLessThanOrEqualTo(announced);
      }
    }
  }
}
