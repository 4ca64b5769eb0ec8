package io.penstock.jobs.deliver;

import java.util.Arrays;
import org.apache.spark.unsafe.Platform;

/**
 * The text of dates that were written lately: a column holds few different days. Two days eleven
 * years apart share a place.
 */
final class RecentDates {
  private static final int PLACES = 4096;
  private static final int TEXT_BYTES = 10;
  private static final long NONE = Long.MIN_VALUE;

  private final long[] days = new long[PLACES];
  private final long[] starts = new long[PLACES];
  private final short[] ends = new short[PLACES];

  RecentDates() {
    Arrays.fill(days, NONE);
  }

  /** The place of a day; -1 where its text is not kept. */
  int find(long day) {
    int place = (int) day & (PLACES - 1);
    return days[place] == day ? place : -1;
  }

  /** Writes ten bytes, for which there must be room. */
  void put(int place, ByteSink sink) {
    long to = (long) Platform.BYTE_ARRAY_OFFSET + sink.position;
    Platform.putLong(sink.buffer, to, starts[place]);
    Platform.putShort(sink.buffer, to + 8, ends[place]);
    sink.position += TEXT_BYTES;
  }

  /** Keeps what was written since {@code start}, unless its year has more than four digits. */
  void keep(long day, ByteSink sink, int start) {
    if (sink.position - start == TEXT_BYTES) {
      int place = (int) day & (PLACES - 1);
      long from = (long) Platform.BYTE_ARRAY_OFFSET + start;
      days[place] = day;
      starts[place] = Platform.getLong(sink.buffer, from);
      ends[place] = Platform.getShort(sink.buffer, from + 8);
    }
  }
}
