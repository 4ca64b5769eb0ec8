package io.penstock.jobs.events;

import java.util.List;

/** Takes what became of records, each once. */
interface Outcome {
  /**
   * @param bytes of the request that they were accepted with
   */
  void accepted(List<PendingEvent> events, int bytes);

  /**
   * @param reason holds nothing of the rows
   */
  void failed(List<PendingEvent> events, String reason);
}
