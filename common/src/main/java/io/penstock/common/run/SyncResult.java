package io.penstock.common.run;

import java.util.List;
import java.util.Optional;

/**
 * What a sync found and sent.
 *
 * @param number of the sync among those of the job, from 1
 * @param full why all rows were sent; empty: only those that had changed
 * @param unchanged rows that were read and are at the destinations already
 * @param excluded rows that no sync can send as they are
 * @param failed rows that a destination did not take, and that are sent again next time
 * @param checkpoint the greatest value of the cursor that was read; empty: there is no cursor
 */
public record SyncResult(
    long number,
    Optional<String> full,
    long inserted,
    long updated,
    long deleted,
    long unchanged,
    List<Exclusion> excluded,
    long failed,
    Optional<String> checkpoint) {

  /**
   * Rows that were left out for one reason.
   *
   * @param rows how many
   * @param keys a few of their keys, each a JSON array with the values of personal data masked
   */
  public record Exclusion(Reason reason, long rows, List<String> keys) {}

  /** Why a row is left out. */
  public enum Reason {
    NULL_KEY("null-key", "a key column holds NULL or NaN"),
    REPEATED_KEY("repeated-key", "several rows have the same key"),
    BAD_VALUE("bad-value", "a value does not fit the template"),
    FUTURE_CURSOR("future-cursor", "the cursor lies in the future");

    private final String text;
    private final String meaning;

    Reason(String text, String meaning) {
      this.text = text;
      this.meaning = meaning;
    }

    /** The word of JSON documents and state tables. */
    public String text() {
      return text;
    }

    /** The same for people. */
    public String meaning() {
      return meaning;
    }
  }

  /** Rows that go to every destination. */
  public long sent() {
    return inserted + updated + deleted;
  }

  /** Rows that the query gave, but for those that the template rejects. */
  public long read() {
    return inserted
        + updated
        + unchanged
        + excluded.stream()
            .filter(exclusion -> exclusion.reason() != Reason.BAD_VALUE)
            .mapToLong(Exclusion::rows)
            .sum();
  }

  /** The same sync, of which destinations did not take some rows. */
  public SyncResult withFailed(long rows) {
    return new SyncResult(
        number, full, inserted, updated, deleted, unchanged, excluded, rows, checkpoint);
  }
}
