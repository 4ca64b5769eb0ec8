package io.penstock.jobs.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.catalyst.InternalRow;

/** Records one after the other, with what stands before, between and behind them. */
final class RecordFile implements RowEncoder {
  /**
   * What is not a record.
   *
   * @param empty the whole file where there are no records
   */
  record Frame(byte[] head, byte[] separator, byte[] tail, byte[] empty) {
    static final Frame LINES = new Frame(bytes(""), bytes(""), bytes(""), bytes(""));
    static final Frame ARRAY = new Frame(bytes("[\n"), bytes(",\n"), bytes("\n]\n"), bytes("[]\n"));

    static Frame headed(byte[] header) {
      return new Frame(header, bytes(""), bytes(""), header);
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  /** Writes what precedes the record of a numbered row. */
  @FunctionalInterface
  interface NumberForm {
    NumberForm NONE = (sink, number) -> {};

    void put(ByteSink sink, long number);
  }

  /** With the name that it has in JSON. */
  private static final int MOST_BYTES_OF_A_NUMBER = 256;

  private final OutputStream out;
  private final NumberForm number;
  private final Frame frame;
  private final int ordinal;
  private final int widest;
  private final ByteSink sink = new ByteSink();
  private long records;

  /**
   * @param ordinal of the records in the rows; their number comes next. A record that is numbered
   *     makes a row of its own
   * @param widest bytes that one of UTF-8 may become below
   */
  RecordFile(OutputStream out, Frame frame, NumberForm number, int ordinal, int widest) {
    this.out = out;
    this.number = number;
    this.frame = frame;
    this.ordinal = ordinal;
    this.widest = widest;
  }

  @Override
  public int write(InternalRow row) throws IOException {
    int count = row.getInt(ordinal + 1);
    sink.put(records == 0 ? frame.head() : frame.separator());
    records += count;
    number.put(sink, records);
    sink.put(row.getUTF8String(ordinal));
    sink.endRow(out);
    return count;
  }

  @Override
  public long sizeOf(InternalRow row) {
    int numbers = number == NumberForm.NONE ? 0 : MOST_BYTES_OF_A_NUMBER;
    int head = records == 0 ? frame.head().length : frame.separator().length;
    return widest * ((long) row.getUTF8String(ordinal).numBytes() + numbers + head);
  }

  @Override
  public long buffered() {
    return widest * ((long) sink.position + frame.tail().length);
  }

  @Override
  public void finish() throws IOException {
    sink.put(records == 0 ? frame.empty() : frame.tail());
    sink.handOn(out);
  }

  @Override
  public void close() {}
}
