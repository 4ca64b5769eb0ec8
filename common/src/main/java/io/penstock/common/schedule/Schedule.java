package io.penstock.common.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The instants at which a job runs, all of them whole minutes. */
public sealed interface Schedule permits ClockSchedule, IntervalSchedule {
  /** The first run after an instant; empty where there is none. */
  Optional<Instant> next(Instant after);

  /** The zone that the schedule was written for. */
  ZoneId zone();

  /** Up to so many runs after an instant, in their order. */
  default List<Instant> next(Instant after, int runs) {
    List<Instant> instants = new ArrayList<>();
    Optional<Instant> run = next(after);
    while (run.isPresent() && instants.size() < runs) {
      instants.add(run.get());
      run = next(run.get());
    }
    return List.copyOf(instants);
  }
}
