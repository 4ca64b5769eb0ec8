package io.penstock.jobs.deliver;

import io.penstock.common.text.TextDialect;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** One column of delimited text. */
abstract class TextField {
  private final int ordinal;
  private final TextQuoting quoting;

  /** What all columns of a file share. */
  record Form(TextDialect dialect, TextQuoting quoting, String extension) {}

  private TextField(int ordinal, TextQuoting quoting) {
    this.ordinal = ordinal;
    this.quoting = quoting;
  }

  static TextField of(StructField column, int ordinal, boolean first, Form form) {
    DataType type = column.dataType();
    String name = column.name();
    TextQuoting quoting = form.quoting();
    if (type instanceof StringType) {
      return new Text(ordinal, quoting, first, name);
    }
    boolean numeric = type instanceof NumericType;
    ValueWriter formatted = formatted(type, form.dialect());
    if (formatted != null) {
      return new Rendered(ordinal, quoting, formatted, first, numeric, name);
    }
    ValueWriter scalar = ScalarWriters.of(type).orElse(null);
    if (scalar == null) {
      ValueWriter json = JsonWriters.of(type, name, form.extension());
      return new Rendered(ordinal, quoting, json, first, false, name);
    }
    return quoting.sparesPlainText()
        ? new Plain(ordinal, quoting, scalar, numeric, name)
        : new Rendered(ordinal, quoting, scalar, first, numeric, name);
  }

  /** Null where the dialect leaves the form of the type to us. */
  private static @Nullable ValueWriter formatted(DataType type, TextDialect dialect) {
    if (type instanceof DateType && dialect.dateFormat() != null) {
      DateTimeFormatter format = formatter(dialect.dateFormat());
      return (row, i, sink) -> put(sink, format, LocalDate.ofEpochDay(row.getInt(i)));
    }
    if (dialect.timestampFormat() == null) {
      return null;
    }
    if (type instanceof TimestampType) {
      DateTimeFormatter format = formatter(dialect.timestampFormat());
      return (row, i, sink) -> put(sink, format, instant(row.getLong(i)).atOffset(ZoneOffset.UTC));
    }
    if (type instanceof TimestampNTZType) {
      DateTimeFormatter format = formatter(dialect.timestampFormat());
      return (row, i, sink) ->
          put(sink, format, LocalDateTime.ofInstant(instant(row.getLong(i)), ZoneOffset.UTC));
    }
    return null;
  }

  static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
  }

  private static void put(ByteSink sink, DateTimeFormatter format, TemporalAccessor value) {
    sink.put(UTF8String.fromString(format.format(value)));
  }

  final void put(InternalRow row, ByteSink sink) {
    if (row.isNullAt(ordinal)) {
      quoting.putNull(sink);
    } else {
      putValue(row, ordinal, sink);
    }
  }

  abstract void putValue(InternalRow row, int at, ByteSink sink);

  private static final class Text extends TextField {
    private final TextQuoting quoting;
    private final boolean first;
    private final String name;

    Text(int ordinal, TextQuoting quoting, boolean first, String name) {
      super(ordinal, quoting);
      this.quoting = quoting;
      this.first = first;
      this.name = name;
    }

    @Override
    void putValue(InternalRow row, int at, ByteSink sink) {
      quoting.putText(sink, row.getUTF8String(at), first, name);
    }
  }

  /** Characters that no dialect in use treats specially. */
  private static final class Plain extends TextField {
    private final TextQuoting quoting;
    private final ValueWriter writer;
    private final boolean quoted;
    private final String name;

    Plain(int ordinal, TextQuoting quoting, ValueWriter writer, boolean numeric, String name) {
      super(ordinal, quoting);
      this.quoting = quoting;
      this.writer = writer;
      this.quoted = quoting.quotes(numeric);
      this.name = name;
    }

    @Override
    void putValue(InternalRow row, int at, ByteSink sink) {
      if (!quoted) {
        int start = sink.position;
        writer.write(row, at, sink);
        quoting.refuseNullText(sink, start, name);
        return;
      }
      quoting.putQuote(sink);
      int start = sink.position;
      writer.write(row, at, sink);
      quoting.refuseQuotedNull(sink, start, name);
      quoting.putQuote(sink);
    }
  }

  /** Text made first and quoted after. */
  private static final class Rendered extends TextField {
    private final TextQuoting quoting;
    private final ValueWriter writer;
    private final boolean first;
    private final boolean numeric;
    private final String name;
    private final ByteSink scratch = new ByteSink();

    Rendered(
        int ordinal,
        TextQuoting quoting,
        ValueWriter writer,
        boolean first,
        boolean numeric,
        String name) {
      super(ordinal, quoting);
      this.quoting = quoting;
      this.writer = writer;
      this.first = first;
      this.numeric = numeric;
      this.name = name;
    }

    @Override
    void putValue(InternalRow row, int at, ByteSink sink) {
      scratch.position = 0;
      writer.write(row, at, scratch);
      quoting.put(
          sink, scratch.buffer, Platform.BYTE_ARRAY_OFFSET, scratch.position, first, numeric, name);
    }
  }
}
