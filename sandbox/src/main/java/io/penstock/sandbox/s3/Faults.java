package io.penstock.sandbox.s3;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults that tests and benchmarks have asked for, in their order. */
final class Faults {
  private final List<Fault> faults = new ArrayList<>();
  private volatile Duration delay = Duration.ZERO;

  synchronized void add(Fault fault) {
    faults.add(fault);
  }

  synchronized void clear() {
    faults.clear();
  }

  void delay(Duration each) {
    delay = each;
  }

  /** What befalls this request of an operation; it counts as one time. */
  synchronized Optional<Fault> next(String operation) {
    for (int i = 0; i < faults.size(); i++) {
      Fault fault = faults.get(i);
      if (fault.times() != 0 && fault.concerns(operation)) {
        faults.set(i, fault.once());
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  /** Holds a request up as a network would. */
  void pause() {
    if (delay.isZero()) {
      return;
    }
    try {
      Thread.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
