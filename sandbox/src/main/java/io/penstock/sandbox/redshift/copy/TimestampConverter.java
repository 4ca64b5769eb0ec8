package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** timestamp and timestamptz, in the format of TIMEFORMAT. */
final class TimestampConverter implements FieldConverter {
  private static final String DEFAULT = "YYYY-MM-DD HH24:MI:SS";

  private final boolean zoned;
  private final boolean anyDate;
  private final String format;
  private final boolean standard;
  private final @Nullable DateTimePattern pattern;
  private final long unitsPerSecond;

  TimestampConverter(Conversion conversion, boolean zoned) throws SqlError {
    String given = conversion.timeFormat();
    this.zoned = zoned;
    this.anyDate = conversion.acceptAnyDate();
    this.format = given == null ? DEFAULT : given;
    this.standard = given == null || given.equals(DEFAULT) || given.equals("auto");
    this.unitsPerSecond =
        switch (format) {
          case "epochsecs" -> 1;
          case "epochmillisecs" -> 1_000;
          default -> 0;
        };
    this.pattern =
        unitsPerSecond > 0
            ? null
            : given == null ? DateTimePattern.standard(zoned) : DateTimePattern.of(given);
  }

  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    if (standard && !zoned && DateTime.isIsoTimestamp(field.bytes, field.start, field.end)) {
      out.append(field.bytes, field.start, field.length());
      return;
    }
    DateTime value = pattern == null ? epoch(field.text()) : pattern.parse(field.text());
    if (value != null) {
      out.appendAscii(zoned ? value.zonedTimestamp() : value.timestamp());
    } else if (anyDate) {
      out.appendNull();
    } else {
      throw new RowFault(RowFault.TIMESTAMP, "Invalid timestamp format or value [" + format + "]");
    }
  }

  /** Seconds or milliseconds since 1970-01-01 00:00:00 UTC, with a fraction if there is one. */
  private @Nullable DateTime epoch(String text) {
    try {
      java.math.BigDecimal micros =
          new java.math.BigDecimal(text)
              .multiply(java.math.BigDecimal.valueOf(1_000_000 / unitsPerSecond));
      long whole = micros.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
      Instant instant =
          Instant.ofEpochSecond(
              Math.floorDiv(whole, 1_000_000L), Math.floorMod(whole, 1_000_000L) * 1_000);
      var local = instant.atOffset(ZoneOffset.UTC).toLocalDateTime();
      return local.getYear() < 1 || local.getYear() > 9999
          ? null
          : new DateTime(local, ZoneOffset.UTC);
    } catch (ArithmeticException | NumberFormatException | java.time.DateTimeException e) {
      return null;
    }
  }
}
