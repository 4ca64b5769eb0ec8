package io.penstock.common.config;

import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftDestination.Staging;
import io.penstock.common.config.RedshiftDestination.StagingCompression;
import io.penstock.common.config.RedshiftDestination.StagingFormat;
import java.util.List;

/** Reads a destination of type {@code redshift}. */
final class RedshiftDestinationParser {
  /** More than the largest cluster has (Amazon Redshift Management Guide, "Node types"). */
  private static final long MOST_SLICES = 4096;

  private final RedshiftConnectionParser connections;
  private final S3AccessParser access;
  private final TableauParser tableau;

  RedshiftDestinationParser(
      RedshiftConnectionParser connections, S3AccessParser access, TableauParser tableau) {
    this.connections = connections;
    this.access = access;
    this.tableau = tableau;
  }

  /**
   * @param section the block over the defaults
   */
  RedshiftDestination parse(String name, String job, Section section) {
    RedshiftDestination destination =
        new RedshiftDestination(
            name,
            connections.parse(section),
            staging(section),
            CopyCredentialsParser.parse(section, "copy-credentials"),
            section.constant("loader", Loader.class, List.of()),
            RedshiftTableParser.table(section, job),
            RedshiftTableParser.application(section),
            RedshiftTableParser.identifier(section, "state-schema"),
            tableau.parse(section));
    section.finish();
    return destination;
  }

  private Staging staging(Section destination) {
    Section section = destination.block("staging");
    Staging staging =
        new Staging(
            access.staging(section),
            section.constant("format", StagingFormat.class, List.of()),
            section.constant("compression", StagingCompression.class, List.of()),
            (int) section.number("slices", 1, MOST_SLICES).orElse(1),
            section.flag("keep"));
    if (!staging.format().isText() && staging.compression() != StagingCompression.AUTO) {
      section.conflict(
          "compression",
          "is of text files; parquet and avro compress within",
          "remove compression, or write format = csv or json");
    }
    section.finish();
    return staging;
  }
}
