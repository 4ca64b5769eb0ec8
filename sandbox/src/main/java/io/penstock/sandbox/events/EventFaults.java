package io.penstock.sandbox.events;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults that were asked for, in their order, and the records that are refused. */
final class EventFaults {
  private final List<EventFault> faults = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();

  private record Refused(JsonPointer pointer, String text) {
    boolean isMet(JsonNode record) {
      return record.at(pointer).asText().equals(text);
    }
  }

  synchronized void add(EventFault fault) {
    faults.add(fault);
  }

  /** Refuses every batch with a record whose value at the pointer has the text. */
  synchronized void refuse(String pointer, String text) {
    refused.add(new Refused(JsonPointer.compile(pointer), text));
  }

  synchronized void clear() {
    faults.clear();
    refused.clear();
  }

  /** What befalls the next batch; it counts as one time. */
  synchronized Optional<EventFault> next() {
    for (int i = 0; i < faults.size(); i++) {
      EventFault fault = faults.get(i);
      if (fault.times() == 0) {
        continue;
      }
      if (fault.after() > 0) {
        faults.set(
            i,
            new EventFault(
                fault.answer(),
                fault.retryAfter(),
                fault.kept(),
                fault.after() - 1,
                fault.times()));
        return Optional.empty();
      }
      if (fault.times() > 0) {
        faults.set(i, fault.times(fault.times() - 1));
      }
      return Optional.of(fault);
    }
    return Optional.empty();
  }

  synchronized boolean refuses(Batch batch) {
    return batch.records().stream()
        .anyMatch(record -> refused.stream().anyMatch(each -> each.isMet(record.node())));
  }
}
