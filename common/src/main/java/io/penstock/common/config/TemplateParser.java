package io.penstock.common.config;

import io.penstock.common.config.TemplateConfig.BadValue;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.config.TemplateConfig.Origin;
import io.penstock.common.config.TemplateConfig.Unmapped;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the data template. */
final class TemplateParser {
  private static final String TYPES =
      "smallint, integer, bigint, decimal(p,s), real, double, boolean, char(n), varchar(n|max),"
          + " date, timestamp, timestamptz, super, varbyte";

  private TemplateParser() {}

  static TemplateConfig parse(Section section) {
    if (!section.has("columns")) {
      section.missing("columns", "write columns = [ { name = \"…\", from = \"…\" } ]");
    }
    List<Entry> entries = new ArrayList<>();
    Map<String, String> byFoldedName = new HashMap<>();
    List<Section> blocks = section.blocks("columns");
    for (Section block : blocks) {
      Entry entry = entry(block);
      entries.add(entry);
      String earlier = byFoldedName.putIfAbsent(Identifiers.fold(entry.name()), entry.name());
      if (earlier != null && !entry.name().isEmpty()) {
        block.conflict(
            "name",
            Values.shown(entry.name())
                + (earlier.equals(entry.name())
                    ? " is the name of two columns"
                    : " and " + Values.shown(earlier) + " are one name where case is folded"),
            "rename one of them");
      }
    }
    Unmapped unmapped =
        section.mentions("unmapped")
            ? section.constant("unmapped", Unmapped.class, List.of())
            : Unmapped.DROP;
    BadValue onBadValue =
        section.mentions("on-bad-value")
            ? section.constant("on-bad-value", BadValue.class, List.of())
            : BadValue.FAIL;
    if (section.has("columns") && blocks.isEmpty() && unmapped != Unmapped.KEEP) {
      section.invalid(
          "columns", "gives a result without columns", "add an entry, or write unmapped = keep");
    }
    section.finish();
    return new TemplateConfig(List.copyOf(entries), unmapped, onBadValue);
  }

  private static Entry entry(Section block) {
    String name = block.requiredText("name", "write the name that the column is to have");
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      block.invalid("name", "holds a control character", "choose another name");
    }
    Entry entry =
        new Entry(
            name,
            origin(block),
            type(block),
            block.mentions("pii") && block.flag("pii"),
            !block.mentions("nullable") || block.flag("nullable"));
    block.finish();
    return entry;
  }

  private static Origin origin(Section block) {
    List<String> given = new ArrayList<>();
    for (String key : List.of("from", "expr", "value")) {
      if (block.has(key)) {
        given.add(key);
      }
    }
    String remedy =
        "write one of from = \"column\", expr = \"SQL expression\", value = \"constant\"";
    if (given.isEmpty()) {
      block.missing("from", remedy);
      return new Origin.Value("");
    }
    if (given.size() > 1) {
      block.conflict(given.get(1), "stands beside " + given.get(0), remedy);
    }
    return switch (given.get(0)) {
      case "from" -> new Origin.From(block.requiredText("from", remedy));
      case "expr" -> new Origin.Expression(block.requiredText("expr", remedy));
      default -> new Origin.Value(block.text("value").orElse(""));
    };
  }

  private static Optional<RedshiftType> type(Section block) {
    Optional<String> text = block.text("type");
    if (text.isEmpty() || block.isUnresolved("type")) {
      return Optional.empty();
    }
    Optional<RedshiftType> type = RedshiftType.parse(text.get());
    if (type.isEmpty()) {
      block.invalid("type", Values.shown(text.get()) + " is not a type", remedyFor(text.get()));
    }
    return type;
  }

  private static String remedyFor(String type) {
    String word = type.toLowerCase(Locale.ROOT).replaceFirst("[^a-z].*", "");
    return switch (word) {
      case "varchar" -> "write varchar(n) with 1 to " + RedshiftType.VARCHAR_MAX + " bytes, or max";
      case "char" -> "write char(n) with 1 to " + RedshiftType.CHAR_MAX + " bytes";
      case "decimal", "numeric" -> "write decimal(p,s) with p from 1 to 38 and s up to p and 37";
      case "varbyte" -> "write varbyte, or varbyte(n) with 1 to " + RedshiftType.VARBYTE_MAX;
      case "int", "int4" -> "did you mean integer?";
      case "string", "text" -> "did you mean varchar(max)?";
      case "float", "float8" -> "did you mean double?";
      default -> "write one of " + TYPES;
    };
  }
}
