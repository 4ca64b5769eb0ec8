package io.penstock.jobs.matrix;

import io.penstock.jobs.matrix.Combination.Pair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Every option of a destination of type {@code s3}, and which of them go together. */
final class OptionSpace {
  static final String DEFAULT = "default";

  /** Keys of {@code text}. */
  private static final Set<String> DIALECT =
      Set.of(
          "delimiter",
          "quote",
          "quoting",
          "escape",
          "null",
          "line-ending",
          "header",
          "date-format",
          "timestamp-format",
          "charset",
          "mark",
          "guard");

  private static final String[] NARROW = {"ISO-8859-1", "windows-1252", "Shift_JIS"};

  private final Map<String, List<Choice>> values = new LinkedHashMap<>();

  /**
   * @param encrypted whether there is somebody to decrypt
   */
  OptionSpace(boolean encrypted) {
    for (String format : List.of("tsv", "psv", "ndjson", "json", "parquet", "avro")) {
      add("format", format, "format = " + format);
    }
    for (String encoding : List.of("gzip", "zip", "tar", "tgz")) {
      add("encoding", encoding, "encoding = " + encoding);
    }
    if (encrypted) {
      String key = "pgp.public-key { file = \"receiver.asc\" }";
      add("pgp", "binary", key);
      add("pgp", "armor", key + "\npgp.armor = true");
      add("pgp", "signed", key + "\npgp.sign.private-key { file = \"sender.asc\" }");
    }
    add("files", "single", "files = single");
    add("files", "rows", "files { type = split, rows = " + OptionRows.MOST_ROWS + " }");
    add("files", "megabytes", "files { split { megabytes = 1 } }");
    add("partition", "one", "partition-by = [country]");
    add("partition", "two", "partition-by = [country, flag]");
    add("groups", "directory", "prefix = ${prefix}\"/of-{{group_name}}/{{campaign_name}}\"");
    add("groups", "name", "file-name = \"{{group_name}}_{{run_id}}_{{file_number}}.dat\"");
    add("name", "numbered", "file-name = \"people_{{run_id}}_{{file_number}}.dat\"");
    add("name", "fixed", "file-name = \"people.dat\"");
    add("row-number", "set", "row-number-column = row_number");
    for (String codec : List.of("none", "gzip", "zstd")) {
      add("codec", codec, "codec = " + codec);
    }
    dialect();
    add("mode", "append", "mode = append");
    add("mode", "fail-if-exists", "mode = fail-if-exists");
    add("done", "none", "done-file = null");
    add("done", "named", "done-file = \"people.done\"");
    add("manifest", "true", "manifest = true");
    add("checksums", "when-required", "request-checksums = when-required");
  }

  private void dialect() {
    add("delimiter", "semicolon", "text.delimiter = \";\"");
    add("quote", "apostrophe", "text.quote = \"'\"");
    for (String mode : List.of("all", "all-non-null", "non-numeric")) {
      add("quoting", mode, "text.quote-mode = " + mode);
    }
    add("quoting", "none-escaped", "text.quote-mode = none\ntext.escape = \"\\\\\"");
    add("quoting", "none-bare", "text.quote-mode = none\ntext.allow-unescaped = true");
    add("escape", "backslash", "text.escape = \"\\\\\"");
    add("null", "marker", "text.null = \"" + OptionRows.NULL_TEXT + "\"");
    add("line-ending", "crlf", "text.line-ending = crlf");
    add("line-ending", "cr", "text.line-ending = cr");
    add("header", "false", "text.header = false");
    add("date-format", "german", "text.date-format = \"" + OptionRows.DATE_FORMAT + "\"");
    add(
        "timestamp-format",
        "slashes",
        "text.timestamp-format = \"" + OptionRows.TIME_FORMAT + "\"");
    for (String charset : List.of("UTF-16LE", "ISO-8859-1", "windows-1252", "Shift_JIS")) {
      add("charset", charset, "text.charset = \"" + charset + "\"");
    }
    add("mark", "true", "text.byte-order-mark = true");
    add("guard", "true", "text.guard-formulas = true");
  }

  private void add(String option, String value, String settings) {
    values.computeIfAbsent(option, o -> new ArrayList<>()).add(new Choice(option, value, settings));
  }

  List<String> options() {
    return List.copyOf(values.keySet());
  }

  List<Choice> valuesOf(String option) {
    return values.getOrDefault(option, List.of());
  }

  List<Choice> all() {
    return values.values().stream().flatMap(List::stream).toList();
  }

  Choice find(String option, String value) {
    return valuesOf(option).stream()
        .filter(choice -> choice.value().equals(value))
        .findFirst()
        .orElseThrow();
  }

  /** The rules: what {@code check} refuses, whatever else a destination says. */
  static boolean isLegal(Combination all) {
    boolean archive = all.has("encoding", "zip", "tar", "tgz");
    boolean columnar = all.has("format", "parquet", "avro");
    boolean delimited = !columnar && !all.has("format", "json", "ndjson");
    boolean split = all.has("files", "rows", "megabytes");
    boolean severalFiles = archive ? split : !all.has("files", "single");
    return !(all.sets("codec") && !columnar)
        && !(DIALECT.stream().anyMatch(all::sets) && !delimited)
        && !(all.has("encoding", "gzip") && columnar)
        && !(all.sets("manifest") && (archive || all.sets("pgp") || all.sets("groups")))
        && !(all.sets("groups") && archive)
        && !(all.sets("mark") && all.has("charset", NARROW))
        && !(all.has("name", "fixed") && severalFiles);
  }

  /** Whether two choices would set the same key, so that no job file can make both. */
  static boolean setSameKey(Choice a, Choice b) {
    return isPair(a, b, "groups", "name", "name")
        || isPair(a, b, "quoting", "none-escaped", "escape");
  }

  private static boolean isPair(Choice a, Choice b, String option, String value, String other) {
    return (a.is(option, value) && b.option().equals(other))
        || (b.is(option, value) && a.option().equals(other));
  }

  /**
   * The choices with what they cannot do without: a codec needs a format that has one, a fixed name
   * needs one file. Empty where nothing helps.
   */
  Optional<Combination> completed(Combination wanted) {
    Set<Combination> tried = new LinkedHashSet<>(List.of(wanted));
    for (List<Choice> help :
        List.of(
            List.of(find("format", "parquet"), find("format", "avro")),
            List.of(find("files", "single"), find("encoding", "zip")))) {
      for (Combination so : List.copyOf(tried)) {
        help.stream().filter(choice -> !so.sets(choice.option())).map(so::with).forEach(tried::add);
      }
    }
    return tried.stream().filter(OptionSpace::isLegal).findFirst();
  }

  Set<Pair> legalPairs() {
    return pairs().stream()
        .filter(pair -> completed(pair.combination()).isPresent())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Every two values of different options that a job file can say both. */
  List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    List<Choice> all = all();
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        Choice a = all.get(j);
        Choice b = all.get(i);
        if (!a.option().equals(b.option()) && !setSameKey(a, b)) {
          pairs.add(Pair.of(a, b));
        }
      }
    }
    return pairs;
  }
}
