package io.penstock.jobs.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Random;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random texts, judged by java.math and java.time. */
class TextConversionTest {
  private static final int TEXTS = 200_000;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);

  private final Random random = new Random(7);

  @Test
  void decimalsAreExactOrRefused() {
    int fitting = 0;
    for (int i = 0; i < TEXTS; i++) {
      int precision = 1 + random.nextInt(38);
      int scale = random.nextInt(precision + 1);
      String text = number();
      Decimal value = Numbers.decimalOfText(UTF8String.fromString(text), precision, scale);
      BigDecimal expected = expected(text, precision, scale);
      assertThat(value == null ? null : value.toJavaBigDecimal())
          .as("%s as decimal(%d,%d)", text, precision, scale)
          .isEqualTo(expected);
      if (value != null) {
        assertThat(value.precision()).isEqualTo(precision);
        assertThat(value.scale()).isEqualTo(scale);
        fitting++;
      }
    }
    assertThat(fitting).isBetween(TEXTS / 10, TEXTS - TEXTS / 10);
  }

  /** Mostly a number, of any length up to what two longs would hold. */
  private String number() {
    StringBuilder text = new StringBuilder(pick("", "", "-", "+", " "));
    digits(text, random.nextInt(random.nextBoolean() ? 8 : 22));
    if (random.nextBoolean()) {
      text.append('.');
      digits(text, random.nextInt(random.nextBoolean() ? 4 : 22));
    }
    return text.append(pick("", "", "", "", "", "", ".", "e2", "E-1", " ", "x")).toString();
  }

  private void digits(StringBuilder text, int count) {
    for (int i = 0; i < count; i++) {
      text.append(random.nextInt(4) == 0 ? 0 : random.nextInt(10));
    }
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static @Nullable BigDecimal expected(String text, int precision, int scale) {
    try {
      BigDecimal exact = new BigDecimal(text.strip()).setScale(scale);
      return exact.precision() <= precision || exact.signum() == 0 ? exact : null;
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  @Test
  void datesOfTenCharactersAreThoseOfTheCalendar() {
    int fitting = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text =
          "%04d-%02d-%02d"
              .formatted(random.nextInt(10_000), random.nextInt(14), random.nextInt(33));
      if (random.nextInt(10) == 0) {
        char[] wrong = text.toCharArray();
        wrong[random.nextInt(wrong.length)] = pick("/", ":", "-", "x", "0").charAt(0);
        text = new String(wrong);
      }
      Integer days = Times.dateOfText(UTF8String.fromString(text));
      if (days != null) {
        fitting++;
      }
      if (text.chars().filter(c -> c == '-').count() == 2 && text.indexOf('-') == 4) {
        assertThat(days).as(text).isEqualTo(expected(text));
      }
    }
    assertThat(fitting).isGreaterThan(TEXTS / 2);
  }

  private static @Nullable Integer expected(String text) {
    try {
      return (int) LocalDate.parse(text, DATE).toEpochDay();
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
