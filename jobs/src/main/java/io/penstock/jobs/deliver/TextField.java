package io.penstock.jobs.deliver;

import io.penstock.common.text.TextDialect;
import io.penstock.jobs.deliver.ScalarWriters.Scalar;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
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

/** One column of delimited text, and the delimiter before it unless it is the first. */
abstract class TextField extends RecordField {
  final TextQuoting quoting;
  final String name;
  final boolean first;

  /** What all columns of a file share. */
  record Form(TextDialect dialect, TextQuoting quoting, String extension) {}

  private TextField(StructField column, boolean first, TextQuoting quoting) {
    super(column.dataType());
    this.quoting = quoting;
    this.name = column.name();
    this.first = first;
  }

  static TextField of(StructField column, boolean first, Form form) {
    DataType type = column.dataType();
    TextQuoting quoting = form.quoting();
    if (type instanceof StringType) {
      return new Text(column, first, quoting);
    }
    ValueWriter formatted = formatted(type, form.dialect());
    if (formatted != null) {
      return new Rendered(column, first, quoting, formatted);
    }
    Scalar scalar = ScalarWriters.of(type).orElse(null);
    if (scalar == null) {
      ValueWriter json = JsonWriters.of(type, column.name(), form.extension());
      return new Rendered(column, first, quoting, json);
    }
    return quoting.sparesPlainText()
        ? new Plain(column, first, quoting, scalar)
        : new Rendered(column, first, quoting, scalar.writer());
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

  final void putDelimiter(ByteSink sink) {
    if (!first) {
      quoting.putDelimiter(sink);
    }
  }

  @Override
  public final void putNull(ByteSink sink) {
    putDelimiter(sink);
    quoting.putNull(sink);
  }

  @Override
  boolean isText() {
    return false;
  }

  @Override
  Optional<String> method() {
    return Optional.empty();
  }

  private static final class Text extends TextField {
    Text(StructField column, boolean first, TextQuoting quoting) {
      super(column, first, quoting);
    }

    @Override
    boolean isText() {
      return true;
    }

    @Override
    public void putText(ByteSink sink, UTF8String text) {
      putDelimiter(sink);
      quoting.putText(sink, text, first, name);
    }

    @Override
    public ByteSink begin(ByteSink sink) {
      throw new IllegalStateException("text is written as a whole");
    }

    @Override
    public void end(ByteSink sink) {
      throw new IllegalStateException("text is written as a whole");
    }

    @Override
    public void putValue(SpecializedGetters row, int ordinal, ByteSink sink) {
      throw new IllegalStateException("text is written as a whole");
    }
  }

  /** Characters that no dialect in use treats specially. */
  private static final class Plain extends TextField {
    private final Scalar scalar;
    private final boolean quoted;
    private int start;

    Plain(StructField column, boolean first, TextQuoting quoting, Scalar scalar) {
      super(column, first, quoting);
      this.scalar = scalar;
      this.quoted = quoting.quotes(column.dataType() instanceof NumericType);
    }

    @Override
    public ByteSink begin(ByteSink sink) {
      putDelimiter(sink);
      if (quoted) {
        quoting.putQuote(sink);
      }
      start = sink.position;
      return sink;
    }

    @Override
    Optional<String> method() {
      return Optional.of(scalar.method());
    }

    @Override
    public void putValue(SpecializedGetters row, int ordinal, ByteSink sink) {
      scalar.writer().write(row, ordinal, sink);
    }

    @Override
    public void end(ByteSink sink) {
      if (quoted) {
        quoting.refuseQuotedNull(sink, start, name);
        quoting.putQuote(sink);
      } else {
        quoting.refuseNullText(sink, start, name);
      }
    }
  }

  /** Text made first and quoted after. */
  private static final class Rendered extends TextField {
    private final ValueWriter writer;
    private final boolean numeric;
    private final ByteSink scratch = new ByteSink();

    Rendered(StructField column, boolean first, TextQuoting quoting, ValueWriter writer) {
      super(column, first, quoting);
      this.writer = writer;
      this.numeric = column.dataType() instanceof NumericType;
    }

    @Override
    public ByteSink begin(ByteSink sink) {
      putDelimiter(sink);
      scratch.clear();
      return scratch;
    }

    @Override
    public void putValue(SpecializedGetters row, int ordinal, ByteSink sink) {
      writer.write(row, ordinal, sink);
    }

    @Override
    public void end(ByteSink sink) {
      quoting.put(
          sink, scratch.buffer, Platform.BYTE_ARRAY_OFFSET, scratch.position, first, numeric, name);
    }
  }
}
