package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Java's own inflater is the judge. */
class BlockDeflaterTest {
  private static final List<String> KINDS = List.of("text", "random", "zeros", "skewed", "words");

  @Test
  void isalBlocksFollowEachOther() throws IOException {
    Assumptions.assumeTrue(IsalDeflater.isAvailable(), "ISA-L is for x86-64");
    blocksFollowEachOther(new IsalDeflater());
  }

  @Test
  void jdkBlocksFollowEachOther() throws IOException {
    blocksFollowEachOther(new JdkDeflater());
  }

  private static void blocksFollowEachOther(BlockDeflater deflater) throws IOException {
    Random random = new Random(1951);
    byte[] blocks = new byte[BlockDeflater.BLOCKS_BYTES];
    try (deflater) {
      for (int round = 0; round < 300; round++) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        for (int pieces = 1 + random.nextInt(4); pieces > 0; pieces--) {
          byte[] piece = piece(random, KINDS.get(random.nextInt(KINDS.size())), size(random));
          plain.writeBytes(piece);
          deflated.write(blocks, 0, deflater.deflate(piece, piece.length, blocks));
        }
        deflated.writeBytes(BlockDeflater.END);
        assertThat(inflated(deflated.toByteArray())).isEqualTo(plain.toByteArray());
      }
    }
  }

  private static int size(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 1 + random.nextInt(20);
      case 1 -> BlockDeflater.PIECE_BYTES;
      default -> 1 + random.nextInt(BlockDeflater.PIECE_BYTES);
    };
  }

  private static byte[] piece(Random random, String kind, int size) {
    byte[] bytes = new byte[size];
    switch (kind) {
      case "random" -> random.nextBytes(bytes);
      case "text" -> {
        for (int i = 0; i < size; i++) {
          bytes[i] = (byte) (i % 11 == 10 ? '\n' : '0' + random.nextInt(10));
        }
      }
      case "skewed" -> {
        for (int i = 0; i < size; i++) {
          bytes[i] = (byte) Math.min(255, (int) Math.abs(random.nextGaussian() * 6));
        }
      }
      case "words" -> {
        byte[] words = "carefully final deposits sleep ".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < size; i++) {
          bytes[i] = random.nextInt(50) == 0 ? (byte) random.nextInt() : words[i % words.length];
        }
      }
      default -> {
        return bytes;
      }
    }
    return bytes;
  }

  private static byte[] inflated(byte[] deflated) throws IOException {
    Inflater inflater = new Inflater(true);
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(deflated), inflater)) {
      byte[] plain = in.readAllBytes();
      assertThat(inflater.finished()).isTrue();
      assertThat(inflater.getRemaining()).isZero();
      return plain;
    } finally {
      inflater.end();
    }
  }

  @Test
  void gzipIsOneMember() throws IOException {
    byte[] plain = piece(new Random(1), "text", BlockDeflater.PIECE_BYTES * 3 + 7);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GzipOutput gzip = new GzipOutput(out)) {
      gzip.write(plain, 0, plain.length);
      gzip.finish();
    }
    assertThat(new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes())
        .isEqualTo(plain);
    byte[] member = out.toByteArray();
    byte[] deflated = java.util.Arrays.copyOfRange(member, 10, member.length - 8);
    assertThat(inflated(deflated)).isEqualTo(plain);
  }
}
