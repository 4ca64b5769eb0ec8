package io.penstock.sandbox.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The latest requests of senders. */
final class EventRequests {
  private static final int KEPT = 100_000;

  private final long start = System.nanoTime();
  private final Deque<Entry> latest = new ArrayDeque<>();

  /**
   * One request.
   *
   * @param millis when it came, since the receiver started
   * @param status 0: it got no answer
   * @param records that it had, where it could be read
   * @param kept of them
   * @param bytes of its body as it came
   */
  public record Entry(long millis, int status, int records, int kept, int bytes) {}

  long now() {
    return (System.nanoTime() - start) / 1_000_000;
  }

  synchronized void add(Entry entry) {
    if (latest.size() == KEPT) {
      latest.removeFirst();
    }
    latest.addLast(entry);
  }

  synchronized List<Entry> all() {
    return new ArrayList<>(latest);
  }

  synchronized void clear() {
    latest.clear();
  }
}
