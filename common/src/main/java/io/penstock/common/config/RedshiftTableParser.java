package io.penstock.common.config;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.RedshiftDestination.Grant;
import io.penstock.common.config.RedshiftDestination.Table;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.TableDesign.SortKey;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads which table a destination of type {@code redshift} loads, and how. */
final class RedshiftTableParser {
  private static final List<String> PRIVILEGES =
      List.of(
          "select", "insert", "update", "delete", "references", "drop", "truncate", "alter", "all");

  /** Amazon Redshift Database Developer Guide, "Compression encodings". */
  private static final List<String> ENCODINGS =
      List.of(
          "raw",
          "az64",
          "bytedict",
          "delta",
          "delta32k",
          "lzo",
          "mostly8",
          "mostly16",
          "mostly32",
          "runlength",
          "text255",
          "text32k",
          "zstd");

  private RedshiftTableParser() {}

  /** The block {@code table}. */
  static Table table(Section destination, String job) {
    Section section = destination.block("table");
    TableName name = new TableName(identifier(section, "schema"), tableName(section, job));
    Table table = new Table(name, design(section), grants(section));
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

  private static TableDesign design(Section section) {
    String distStyle = section.word("dist-style", List.of("auto", "even", "all", "key"), List.of());
    Optional<String> distKey = section.text("dist-key");
    if (distStyle.equals("key") && distKey.isEmpty()) {
      section.missing("dist-key", "name the column, or choose another dist-style");
    }
    if (!distStyle.equals("key") && distKey.isPresent()) {
      section.conflict(
          "dist-key", "needs dist-style = key", "write dist-style = key, or remove dist-key");
    }
    return new TableDesign(
        distStyle,
        distKey,
        sortKey(section),
        section.texts("primary-key"),
        encodings(section),
        section.text("comment").map(text -> comment(section, "comment", text)),
        comments(section));
  }

  private static Optional<SortKey> sortKey(Section section) {
    String key = "sort-key";
    if (!section.has(key) || section.isUnresolved(key)) {
      return Optional.empty();
    }
    if (section.isBlock(key)) {
      return sortKey(section, section.block(key));
    }
    if (section.isList(key)) {
      List<String> columns = section.texts(key);
      return columns.isEmpty() ? Optional.empty() : Optional.of(new SortKey.Compound(columns));
    }
    if (!section.text(key).orElse("auto").equals("auto")) {
      invalidSortKey(section);
    }
    return Optional.of(new SortKey.Auto());
  }

  private static Optional<SortKey> sortKey(Section section, Section block) {
    List<String> compound = block.texts("compound");
    List<String> interleaved = block.texts("interleaved");
    block.finish();
    if (compound.isEmpty() == interleaved.isEmpty()) {
      invalidSortKey(section);
      return Optional.empty();
    }
    if (interleaved.size() > SortKey.Interleaved.MAX_COLUMNS) {
      section.invalid(
          "sort-key",
          "interleaves " + interleaved.size() + " columns",
          "name up to " + SortKey.Interleaved.MAX_COLUMNS + ", or write { compound = [ … ] }");
    }
    return Optional.of(
        interleaved.isEmpty()
            ? new SortKey.Compound(compound)
            : new SortKey.Interleaved(interleaved));
  }

  private static void invalidSortKey(Section section) {
    section.invalid(
        "sort-key",
        "is no sort key",
        "write a list of columns, auto, { compound = [ … ] } or { interleaved = [ … ] }");
  }

  private static Map<String, String> encodings(Section section) {
    Map<String, String> encodings = new TreeMap<>();
    section
        .flattened("encodings")
        .forEach(
            (column, word) -> {
              String encoding = word.toLowerCase(Locale.ROOT);
              if (!ENCODINGS.contains(encoding)) {
                section.invalid(
                    "encodings",
                    "has "
                        + Values.shown(word)
                        + " for column "
                        + Values.shown(column)
                        + ", which is no encoding",
                    NearestKey.of(encoding, ENCODINGS)
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("write one of " + String.join(", ", ENCODINGS)));
              }
              encodings.put(Identifiers.fold(column), encoding);
            });
    return Map.copyOf(encodings);
  }

  private static Map<String, String> comments(Section section) {
    Map<String, String> comments = new TreeMap<>();
    section
        .flattened("comments")
        .forEach(
            (column, text) ->
                comments.put(Identifiers.fold(column), comment(section, "comments", text)));
    return Map.copyOf(comments);
  }

  private static String comment(Section section, String key, String text) {
    if (text.indexOf('\0') >= 0) {
      section.invalid(key, "holds the character NUL", "remove it");
      return "";
    }
    return text;
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

  /** The keys beside the block {@code table} that say what becomes of its rows. */
  static Application application(Section section) {
    Write write = section.constant("write", Write.class, List.of());
    return new Application(
        section.constant("operation", Operation.class, List.of()),
        write,
        keys(section, write),
        section.constant("schema-change", SchemaChange.class, List.of()),
        statements(section, "pre-sql"),
        statements(section, "post-sql"));
  }

  private static List<String> keys(Section section, Write write) {
    List<String> keys = section.texts("keys");
    if (write.usesKeys() && keys.isEmpty()) {
      section.missing("keys", "write keys = [ … ], the columns that identify a row");
    }
    if (!write.usesKeys() && !keys.isEmpty()) {
      section.conflict(
          "keys", "belongs to write = upsert or mirror", "remove keys, or write one of the two");
    }
    if (keys.stream().map(Identifiers::fold).distinct().count() < keys.size()) {
      section.conflict("keys", "names a column twice", "name each column once");
    }
    return keys;
  }

  static String identifier(Section section, String key) {
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
