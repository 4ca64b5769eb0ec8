package io.penstock.jobs.events;

import io.penstock.common.config.EventsDestination.Sending;
import io.penstock.common.config.StoreLocation;
import java.io.Serializable;

/**
 * What a task needs to know to send.
 *
 * @param destination its name, for messages
 * @param requestsPerSecond of all tasks together; 0: no limit
 * @param failed where keys of failed rows go, with its credentials resolved
 */
record SendSettings(
    String destination,
    HttpEndpoint.Address address,
    int rows,
    int bytes,
    int requestsPerSecond,
    int retries,
    StoreLocation failed,
    EventsLimits limits)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  static SendSettings of(
      String destination,
      HttpEndpoint.Address address,
      Sending sending,
      StoreLocation failed,
      EventsLimits limits) {
    return new SendSettings(
        destination,
        address,
        sending.rows(),
        sending.bytes(),
        sending.requestsPerSecond().orElse(0),
        sending.retries(),
        failed,
        limits);
  }

  @Override
  public String toString() {
    return "events of " + destination;
  }
}
