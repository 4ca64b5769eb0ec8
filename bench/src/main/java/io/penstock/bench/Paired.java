package io.penstock.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * Two ways of doing one piece of work, timed in turn: A B, B A, A B … after warm-ups of both, so
 * that a machine whose speed drifts slows both. The ratio is taken within a round. The first
 * warm-up is told too: it is what a process that does the work once takes.
 */
final class Paired {
  private final int rounds;
  private final int warmUps;

  /**
   * @param warmUps at least one
   */
  Paired(int rounds, int warmUps) {
    this.rounds = rounds;
    this.warmUps = warmUps;
  }

  /** One side of a pair. */
  interface Work {
    void run() throws Exception;

    /** What comes before, off the clock. */
    default void prepare() throws Exception {}
  }

  /**
   * @return seconds and ratios over the rounds; a ratio above 1 means that {@code ours} is faster
   */
  Result time(Work ours, Work peer) throws Exception {
    double oursFirst = seconds(ours);
    double peerFirst = seconds(peer);
    for (int warmUp = 1; warmUp < warmUps; warmUp++) {
      seconds(ours);
      seconds(peer);
    }
    double[] oursSeconds = new double[rounds];
    double[] peerSeconds = new double[rounds];
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      if (round % 2 == 0) {
        oursSeconds[round] = seconds(ours);
        peerSeconds[round] = seconds(peer);
      } else {
        peerSeconds[round] = seconds(peer);
        oursSeconds[round] = seconds(ours);
      }
      ratios[round] = peerSeconds[round] / oursSeconds[round];
    }
    return new Result(
        Spread.of(oursSeconds),
        Spread.of(peerSeconds),
        Spread.of(ratios),
        String.format(Locale.ROOT, "%.1f / %.1f", oursFirst, peerFirst));
  }

  /** One side without another, for what has no peer. */
  Spread alone(Work work) throws Exception {
    for (int warmUp = 0; warmUp < warmUps; warmUp++) {
      seconds(work);
    }
    double[] times = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      times[round] = seconds(work);
    }
    return Spread.of(times);
  }

  private static double seconds(Work work) throws Exception {
    work.prepare();
    System.gc();
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** Minimum, median and maximum. */
  record Spread(double min, double median, double max) {
    static Spread of(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int middle = sorted.length / 2;
      double median =
          sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f [%.2f–%.2f]", median, min, max);
    }
  }

  /**
   * Seconds of both sides, and how many times faster ours is.
   *
   * @param first seconds of ours and of the peer before anything is warm
   */
  record Result(Spread ours, Spread peer, Spread ratio, String first) {}
}
