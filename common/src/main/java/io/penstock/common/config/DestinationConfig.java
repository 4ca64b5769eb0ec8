package io.penstock.common.config;

/** A destination of a job. */
public sealed interface DestinationConfig
    permits S3Destination, RedshiftDestination, EventsDestination {
  String name();

  /**
   * Who gets the rows and as what, without secrets. A sync that finds a receiver it has not sent to
   * sends all rows.
   */
  default String receiver() {
    return name();
  }
}
