package io.penstock.common.run;

/**
 * Rows that have reached a destination without being visible there yet. A run stages every
 * destination, compares the counts, and only then publishes.
 */
public interface StagedDelivery extends AutoCloseable {

  /** Rows that were staged, counted from what the writers committed. */
  long rows();

  /**
   * Makes the rows visible and verifies the target. After a failure the target holds what it held
   * before, or what a run with the same run id completes.
   */
  DestinationResult publish();

  /** Rows that {@link #publish} left out because the target refused them, and set aside. */
  default long rejected() {
    return 0;
  }

  /** The last step, after the run is recorded: writes the done file, removes what was staged. */
  void finish();

  /** Ends, from another thread, what {@link #publish} waits for; it then fails. */
  default void cancel() {}

  /** Undoes what {@link #publish} has not made visible; nothing where it succeeded. */
  @Override
  void close();
}
