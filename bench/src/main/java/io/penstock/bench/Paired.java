package io.penstock.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * Two ways of doing one piece of work, timed in turn: A B, B A, A B … after one warm-up of each, so
 * that a machine whose speed drifts slows both. The ratio is taken within a round.
 */
final class Paired {
  private final int rounds;

  Paired(int rounds) {
    this.rounds = rounds;
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
    seconds(ours);
    seconds(peer);
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
    return new Result(Spread.of(oursSeconds), Spread.of(peerSeconds), Spread.of(ratios));
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

  /** Seconds of both sides, and how many times faster ours is. */
  record Result(Spread ours, Spread peer, Spread ratio) {}
}
