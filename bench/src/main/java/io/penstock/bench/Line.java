package io.penstock.bench;

import java.util.Locale;

/**
 * A line of the table.
 *
 * @param target the ratio to reach
 * @param first seconds of ours and of the peer before anything is warm
 * @param size bytes of ours for each byte of the peer
 */
record Line(
    String name,
    String peer,
    String ours,
    String theirs,
    String ratio,
    String target,
    String first,
    String size,
    String parity) {
  private static final String NOTHING = "–";

  static final String HEAD =
      "| case | peer | Penstock s | peer s | ratio | to reach | first s | size | parity |\n"
          + "|---|---|---|---|---|---|---|---|---|";

  static Line of(Contest contest, Paired.Result result, String target, double size, String parity) {
    return new Line(
        contest.name(),
        contest.peer(),
        result.ours().toString(),
        result.peer().toString(),
        result.ratio().toString(),
        target,
        result.first(),
        String.format(Locale.ROOT, "%.2f", size),
        parity);
  }

  static Line skipped(Contest contest, String reason) {
    return new Line(
        contest.name(),
        contest.peer(),
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        "skipped: " + reason);
  }

  @Override
  public String toString() {
    return "| "
        + String.join(" | ", name, peer, ours, theirs, ratio, target, first, size, parity)
        + " |";
  }
}
