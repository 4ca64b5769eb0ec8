package io.penstock.common.config;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftDestination.Grant;
import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftDestination.Staging;
import io.penstock.common.config.RedshiftDestination.StagingCompression;
import io.penstock.common.config.RedshiftDestination.StagingFormat;
import io.penstock.common.config.RedshiftDestination.Table;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a destination of type {@code redshift}. */
final class RedshiftDestinationParser {
  private static final List<String> PRIVILEGES =
      List.of(
          "select", "insert", "update", "delete", "references", "drop", "truncate", "alter", "all");

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
    section.word("operation", List.of("update"), List.of("create-new"));
    section.word("schema-change", List.of("fail"), List.of("add-columns"));
    refuseKeys(section);
    Write write = section.constant("write", Write.class, List.of("upsert", "mirror"));
    RedshiftDestination destination =
        new RedshiftDestination(
            name,
            connections.parse(section),
            staging(section),
            copyCredentials(section),
            section.constant("loader", Loader.class, List.of()),
            table(section, job),
            write,
            statements(section, "pre-sql"),
            statements(section, "post-sql"),
            identifier(section, "state-schema"),
            tableau.parse(section));
    section.finish();
    return destination;
  }

  private static void refuseKeys(Section section) {
    if (!section.texts("keys").isEmpty()) {
      section.notAvailable("keys", "the key keys, for upsert and mirror,");
    }
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

  private static Table table(Section destination, String job) {
    Section section = destination.block("table");
    String distStyle = section.word("dist-style", List.of("auto", "even", "all", "key"), List.of());
    Optional<String> distKey = section.text("dist-key");
    if (distStyle.equals("key") && distKey.isEmpty()) {
      section.missing("dist-key", "name the column, or choose another dist-style");
    }
    if (!distStyle.equals("key") && distKey.isPresent()) {
      section.conflict(
          "dist-key", "needs dist-style = key", "write dist-style = key, or remove dist-key");
    }
    Table table =
        new Table(
            new TableName(identifier(section, "schema"), tableName(section, job)),
            distStyle,
            distKey,
            section.texts("sort-key"),
            section.texts("primary-key"),
            grants(section));
    section.finish();
    return table;
  }

  private static String tableName(Section section, String job) {
    Variant variant =
        Variant.of(
            section, "name-from", List.of("custom", "dataset-name", "dataset-id"), List.of());
    boolean named = section.has("name");
    if (named && !variant.word().equals("custom")) {
      section.conflict(
          "name", "belongs to name-from = custom only", "remove name, or write name-from = custom");
    }
    String name =
        switch (variant.word()) {
          case "dataset-name" -> job;
          case "dataset-id" -> identifier(variant.body(), "id");
          default -> identifier(section, "name");
        };
    variant.body().finish();
    return name;
  }

  private static List<Grant> grants(Section section) {
    List<Grant> grants = new ArrayList<>();
    for (Section block : section.blocks("grants")) {
      if (!block.has("privilege")) {
        block.missing("privilege", "write privilege = select");
      }
      grants.add(
          new Grant(block.word("privilege", PRIVILEGES, List.of()), identifier(block, "to")));
      block.finish();
    }
    return List.copyOf(grants);
  }

  private static String identifier(Section section, String key) {
    String name = section.requiredText(key, "write a name of 1 to 127 bytes");
    if (!name.isBlank()) {
      Identifiers.problemOf(name)
          .ifPresent(problem -> section.invalid(key, problem, "write a name of 1 to 127 bytes"));
    }
    return name;
  }

  private static List<String> statements(Section section, String key) {
    List<String> statements = section.texts(key);
    for (int i = 0; i < statements.size(); i++) {
      int number = i + 1;
      SingleStatement.problemOf(statements.get(i))
          .ifPresent(
              problem ->
                  section.invalid(
                      key,
                      "statement " + number + " " + problem,
                      "write one statement per element, without ; and without transaction control"));
    }
    return statements;
  }
}
