package io.penstock.jobs.store;

/**
 * The part numbers of one task's run within a joined object. S3 orders parts by number and leaves
 * gaps alone, so that each task has numbers of its own without knowing what the others send; the
 * first is for the bytes between it and the task before.
 *
 * @param first number of the bytes before the run
 * @param most parts of the run
 */
record PartNumbers(int first, int most) {
  private static final int MOST_PARTS = 10_000;
  private static final int STEPS = 40;

  /** As many as leave a task more than one part. */
  static final int MOST_SLOTS = 1000;

  static PartNumbers of(int slot, int slots) {
    int share = MOST_PARTS / (slots + 1);
    return new PartNumbers(1 + slot * share, share - 1);
  }

  /** The number of the bytes behind the last run. */
  static int last(int slots) {
    return of(slots, slots).first();
  }

  /** Size of a part, which grows so that few numbers hold many bytes. */
  int bytes(int part) {
    return S3Upload.FIRST_PART_BYTES * (1 + part * STEPS / most);
  }
}
