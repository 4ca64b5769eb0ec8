package io.penstock.common.config;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftDestination.Staging;
import io.penstock.common.config.RedshiftDestination.StagingCompression;
import io.penstock.common.config.RedshiftDestination.StagingFormat;
import java.util.List;
import java.util.Optional;

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
            copyCredentials(section),
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
    String bucket = S3AccessParser.bucket(section, "bucket");
    String prefix = section.text("prefix").orElse("");
    String plain = prefix.replaceFirst("/$", "");
    Names.checkParts(section, "prefix", prefix);
    if (plain.contains("{{")) {
      section.invalid(
          "prefix",
          "holds a variable",
          "write a fixed prefix; job, run id and destination are added below it");
    }
    Staging staging =
        new Staging(
            new StoreLocation.Bucket(bucket, plain, access.access(section)),
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

  private static CopyCredentials copyCredentials(Section destination) {
    Optional<Section> given = destination.optionalBlock("copy-credentials");
    if (given.isEmpty()) {
      return new CopyCredentials.FromStaging();
    }
    Section section = given.get();
    String remedy = "write an ARN such as arn:aws:iam::123456789012:role/name";
    String arn = section.requiredText("iam-role", remedy);
    for (String link : arn.split(",", -1)) {
      if (!arn.isEmpty() && !S3AccessParser.ROLE.matcher(link).matches()) {
        section.invalid("iam-role", Values.shown(link) + " is not the ARN of a role", remedy);
      }
    }
    section.finish();
    return new CopyCredentials.IamRole(arn);
  }
}
