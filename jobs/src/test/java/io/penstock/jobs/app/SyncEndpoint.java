package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.sync.RowOperation;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A receiver of changes that drops what it has got before, by origin and key, and holds it against
 * the sender where the same message says something else.
 */
final class SyncEndpoint {
  private final Map<Long, String> rows = new TreeMap<>();
  private final Map<String, String> messages = new HashMap<>();
  private long duplicates;

  void accept(long origin, long key, String operation, String value) {
    String message = origin + " " + key;
    boolean gone = operation.equals(RowOperation.DELETE.text());
    String content = gone ? "gone" : "is " + value;
    String earlier = messages.putIfAbsent(message, content);
    if (earlier != null) {
      assertThat(content).as("what message %s says", message).isEqualTo(earlier);
      duplicates++;
    } else if (gone) {
      rows.remove(key);
    } else {
      rows.put(key, value);
    }
  }

  Map<Long, String> rows() {
    return rows;
  }

  long duplicates() {
    return duplicates;
  }
}
