package io.penstock.common.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody who mistyped probably meant. */
final class NearestKey {
  private NearestKey() {}

  static Optional<String> of(String typed, Collection<String> valid) {
    String nearest = "";
    int least = Integer.MAX_VALUE;
    for (String candidate : valid.stream().sorted().toList()) {
      int distance = distance(normalized(typed), normalized(candidate));
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    int tolerated = Math.max(2, Math.max(typed.length(), nearest.length()) / 2);
    return least <= tolerated && !nearest.isEmpty() ? Optional.of(nearest) : Optional.empty();
  }

  private static String normalized(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = best;
      }
    }
    return cost[a.length()][b.length()];
  }
}
