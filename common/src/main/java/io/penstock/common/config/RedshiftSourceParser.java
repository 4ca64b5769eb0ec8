package io.penstock.common.config;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftSource.Ranges;
import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.config.RedshiftSource.Rows;
import io.penstock.common.config.RedshiftSource.Staging;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a source of format {@code redshift}. */
final class RedshiftSourceParser {
  private static final Set<String> READING = Set.of("select", "with");
  private static final int MOST_PARTITIONS = 500;
  private static final int PARTITIONS = 4;

  private final RedshiftConnectionParser connections;
  private final S3AccessParser access;

  RedshiftSourceParser(RedshiftConnectionParser connections, S3AccessParser access) {
    this.connections = connections;
    this.access = access;
  }

  /**
   * @param written the block without defaults
   * @param section the block over the defaults
   */
  RedshiftSource parse(Section written, Section section) {
    Reader reader = section.constant("reader", Reader.class, List.of());
    return new RedshiftSource(
        connections.parse(section),
        rows(section),
        reader,
        staging(written, section, reader),
        unloadCredentials(written, section),
        ranges(section));
  }

  private static Rows rows(Section section) {
    boolean table = section.has("table");
    boolean query = section.has("query");
    String remedy = "write table = \"schema.table\", or query = \"select …\"";
    if (table && query) {
      section.conflict("query", "stands beside table", "write one of the two");
    }
    if (!table && !query) {
      section.missing("table", remedy);
    }
    return query && !table
        ? new Rows.Query(query(section, remedy))
        : new Rows.Table(table ? table(section, remedy) : new TableName("", ""));
  }

  private static TableName table(Section section, String remedy) {
    String written = section.requiredText("table", remedy);
    Optional<TableName> name = TableName.parse(written);
    Optional<String> problem =
        name.flatMap(
            found ->
                Identifiers.problemOf(found.schema())
                    .or(() -> Identifiers.problemOf(found.name())));
    if (!written.isBlank() && (name.isEmpty() || problem.isPresent())) {
      section.invalid(
          "table",
          Values.shown(written)
              + problem.map(why -> " " + why).orElse(" is not of the form schema.table"),
          "write schema.table; put a name that holds a dot between double quotes, and read another"
              + " database by query");
    }
    return name.orElse(new TableName("", ""));
  }

  private static String query(Section section, String remedy) {
    String sql = withoutEnd(section.requiredText("query", remedy));
    Optional<String> problem = SingleStatement.problemOf(sql);
    if (!sql.isBlank() && !section.isUnresolved("query")) {
      if (problem.isPresent()) {
        section.invalid("query", problem.get(), "write one SELECT");
      } else if (!READING.contains(SingleStatement.verbOf(sql))) {
        section.invalid("query", "is no SELECT", "write one SELECT; a source only reads");
      }
    }
    return sql;
  }

  /** A query that was tried in an editor often ends with a semicolon. */
  private static String withoutEnd(String sql) {
    String stripped = sql.strip();
    return stripped.endsWith(";") ? stripped.substring(0, stripped.length() - 1) : sql;
  }

  private Optional<Staging> staging(Section written, Section section, Reader reader) {
    if (written.has("staging")) {
      Section block = section.block("staging");
      Staging staging = new Staging(access.staging(block), block.flag("keep"));
      block.finish();
      return Optional.of(staging);
    }
    section.has("staging");
    if (reader == Reader.UNLOAD || reader == Reader.CONNECTOR) {
      section.missing(
          "staging",
          "write staging { bucket = \"…\" }: reader = "
              + reader.name().toLowerCase(Locale.ROOT)
              + " goes through files in S3");
    }
    return Optional.empty();
  }

  private static CopyCredentials unloadCredentials(Section written, Section section) {
    if (section.has("unload-credentials") && !written.has("staging")) {
      section.conflict(
          "unload-credentials",
          "belongs to staging, and there is none",
          "write staging { bucket = \"…\" }, or remove unload-credentials");
    }
    return CopyCredentialsParser.parse(section, "unload-credentials");
  }

  private static Ranges ranges(Section section) {
    Section block = section.block("jdbc");
    Optional<String> column = block.text("partition-column");
    column
        .flatMap(Identifiers::problemOf)
        .ifPresent(
            problem -> block.invalid("partition-column", problem, "write the name of a column"));
    OptionalLong partitions = block.number("partitions", 1, MOST_PARTITIONS);
    if (partitions.orElse(1) > 1 && column.isEmpty()) {
      block.conflict(
          "partitions",
          "needs a column whose values are divided",
          "write partition-column = a column of numbers, dates or timestamps");
    }
    block.finish();
    return new Ranges(column, (int) partitions.orElse(column.isPresent() ? PARTITIONS : 1));
  }
}
