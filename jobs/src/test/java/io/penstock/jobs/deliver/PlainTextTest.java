package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.types.Decimal;
import org.junit.jupiter.api.Test;

/** The JDK and Spark are the judges. */
class PlainTextTest {
  private final Random random = new Random(7);

  private static String text(Consumer<ByteSink> writer) {
    ByteSink sink = new ByteSink();
    writer.accept(sink);
    return new String(Arrays.copyOf(sink.buffer, sink.position), StandardCharsets.US_ASCII);
  }

  @Test
  void longs() {
    for (long edge : new long[] {0, 9, 10, -1, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThat(text(sink -> PlainText.putLong(sink, edge))).isEqualTo(Long.toString(edge));
    }
    for (int i = 0; i < 100_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      assertThat(text(sink -> PlainText.putLong(sink, value))).isEqualTo(Long.toString(value));
    }
  }

  @Test
  void doublesReadBackAsThemselvesInNoMoreDigitsThanTheJdkNeeds() {
    for (int i = 0; i < 100_000; i++) {
      double value =
          i % 2 == 0
              ? Double.longBitsToDouble(random.nextLong())
              : (random.nextInt(2_000_000) - 1_000_000) / Math.pow(10, random.nextInt(6));
      String written = text(sink -> PlainText.putDouble(sink, value));
      assertThat(Double.valueOf(written)).isEqualTo(Double.valueOf(value));
      assertThat(written.length()).isLessThanOrEqualTo(Double.toString(value).length());
    }
    assertThat(text(sink -> PlainText.putDouble(sink, -0.0))).isEqualTo("-0.0");
    assertThat(text(sink -> PlainText.putDouble(sink, 1))).isEqualTo("1.0");
  }

  @Test
  void decimals() {
    for (int i = 0; i < 50_000; i++) {
      int scale = random.nextInt(19);
      BigDecimal value = BigDecimal.valueOf(random.nextLong() / 100, scale);
      Decimal decimal = Decimal.apply(value, 18, scale);
      assertThat(text(sink -> PlainText.putDecimal(sink, decimal)))
          .isEqualTo(value.toPlainString());
    }
    BigDecimal wide = new BigDecimal("-99999999999999999999999999.999999999999");
    assertThat(text(sink -> PlainText.putDecimal(sink, Decimal.apply(wide, 38, 12))))
        .isEqualTo(wide.toPlainString());
  }

  @Test
  void dates() {
    for (int i = 0; i < 100_000; i++) {
      long day = random.nextInt() >> (4 + random.nextInt(24));
      assertThat(text(sink -> PlainText.putDate(sink, day)))
          .isEqualTo(LocalDate.ofEpochDay(day).toString());
    }
  }

  @Test
  void timestamps() {
    DateTimeFormatter whole = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    DateTimeFormatter fraction = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
    for (int i = 0; i < 100_000; i++) {
      long micros = (long) (random.nextGaussian() * 1e16) / (i % 3 == 0 ? 1 : 1_000_000) * 1;
      LocalDateTime time =
          LocalDateTime.ofEpochSecond(
              Math.floorDiv(micros, 1_000_000L),
              (int) Math.floorMod(micros, 1_000_000L) * 1000,
              ZoneOffset.UTC);
      String expected = (Math.floorMod(micros, 1_000_000L) == 0 ? whole : fraction).format(time);
      assertThat(text(sink -> PlainText.putDateTime(sink, micros))).isEqualTo(expected);
      assertThat(text(sink -> PlainText.putInstant(sink, micros))).isEqualTo(expected + "+00:00");
    }
  }

  @Test
  void directoriesAreEscapedAsSparkDoes() {
    for (int i = 0; i < 10_000; i++) {
      StringBuilder value = new StringBuilder();
      for (int n = random.nextInt(10); n >= 0; n--) {
        value.append((char) (1 + random.nextInt(300)));
      }
      assertThat(PartitionPath.escape(value.toString()))
          .isEqualTo(ExternalCatalogUtils.escapePathName(value.toString()));
    }
  }
}
