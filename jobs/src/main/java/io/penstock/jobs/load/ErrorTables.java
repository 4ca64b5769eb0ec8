package io.penstock.jobs.load;

import io.penstock.jobs.load.LoadErrors.Refusal;
import io.penstock.jobs.redshift.Database;
import io.penstock.jobs.redshift.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * The tables that tell of load errors, read over a connection of its own: one of them may not
 * exist, which would end the load's transaction.
 *
 * @param firstPause before the tables are looked at again; they may be written after COPY has
 *     answered. Doubles
 */
record ErrorTables(Database database, Duration firstPause) {
  private static final int LOOKS = 5;

  /**
   * What is told of a COPY.
   *
   * @param rows that it refused
   */
  List<Refusal> refusals(long query, long rows) throws SQLException {
    try (Session session = database.open()) {
      Duration pause = firstPause;
      for (int look = 1; ; look++) {
        List<Refusal> refusals = LoadErrors.of(session, query);
        long told = refusals.stream().map(r -> r.file() + ":" + r.line()).distinct().count();
        if (told >= rows || look == LOOKS) {
          return refusals;
        }
        LoadTransaction.sleep(pause);
        pause = pause.multipliedBy(2);
      }
    }
  }
}
