package io.penstock.sandbox.events;

import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with batches.
 *
 * @param answer what the sender hears: a status; {@link #DROP}, the connection breaks; or {@link
 *     #HOLD}, nothing for a long time
 * @param retryAfter the header of that name; null: none
 * @param kept which records of the batch are kept all the same
 * @param after how many batches pass first
 * @param times how many batches it befalls; {@link #FOR_EVER}: all of them
 */
public record EventFault(
    int answer, @Nullable String retryAfter, Kept kept, long after, long times) {
  /** Breaks the connection. */
  public static final int DROP = 0;

  /** Lets the sender wait. */
  public static final int HOLD = -1;

  public static final long FOR_EVER = -1;

  /** Which records a failing receiver has taken. */
  public enum Kept {
    NONE,
    /** The first half of the batch. */
    HALF,
    ALL
  }

  /** One batch that is answered so. */
  public static EventFault once(int answer) {
    return new EventFault(answer, null, Kept.NONE, 0, 1);
  }

  public EventFault keeping(Kept records) {
    return new EventFault(answer, retryAfter, records, after, times);
  }

  public EventFault retryAfter(String header) {
    return new EventFault(answer, header, kept, after, times);
  }

  public EventFault times(long batches) {
    return new EventFault(answer, retryAfter, kept, after, batches);
  }

  /** How many of so many records are kept. */
  int kept(int records) {
    return switch (kept) {
      case NONE -> 0;
      case HALF -> records / 2;
      case ALL -> records;
    };
  }
}
