package io.penstock.common.config;

/** A destination of a job. */
public sealed interface DestinationConfig
    permits S3Destination, RedshiftDestination, EventsDestination {
  String name();
}
