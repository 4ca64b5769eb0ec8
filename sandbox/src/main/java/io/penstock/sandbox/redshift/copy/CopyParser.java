package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses COPY. Source: Amazon Redshift Database Developer Guide, "COPY". */
final class CopyParser {
  private static final Set<String> FLAGS =
      Set.of(
          "CSV",
          "PARQUET",
          "GZIP",
          "ZSTD",
          "BZIP2",
          "MANIFEST",
          "EMPTYASNULL",
          "BLANKSASNULL",
          "IGNOREBLANKLINES",
          "ACCEPTANYDATE",
          "TRUNCATECOLUMNS",
          "FILLRECORD",
          "TRIMBLANKS",
          "ROUNDEC",
          "EXPLICIT_IDS",
          "NOLOAD",
          "ESCAPE",
          "REMOVEQUOTES",
          "SERIALIZETOJSON");
  private static final Set<String> STRINGS =
      Set.of("DELIMITER", "QUOTE", "NULL", "DATEFORMAT", "TIMEFORMAT", "REGION");
  private static final Set<String> NUMBERS = Set.of("IGNOREHEADER", "MAXERROR", "COMPROWS");
  private static final Set<String> SWITCHES = Set.of("COMPUPDATE", "STATUPDATE");
  private static final Set<String> SWITCH_VALUES = Set.of("ON", "OFF", "TRUE", "FALSE", "PRESET");
  private static final Set<String> FORMATS = Set.of("CSV", "JSON", "AVRO", "PARQUET");
  private static final Set<String> NOT_IN_SANDBOX =
      Set.of(
          "FIXEDWIDTH",
          "ORC",
          "RCFILE",
          "SEQUENCEFILE",
          "TEXTFILE",
          "SHAPEFILE",
          "ENCRYPTED",
          "MASTER_SYMMETRIC_KEY",
          "SSH",
          "LZOP",
          "READRATIO",
          "JOB");
  private static final Set<String> WITH_PARQUET =
      Set.of(
          "PARQUET",
          "ACCEPTINVCHARS",
          "FILLRECORD",
          "STATUPDATE",
          "MANIFEST",
          "EXPLICIT_IDS",
          "SERIALIZETOJSON",
          "REGION");
  private static final Map<String, Charset> ENCODINGS =
      Map.of(
          "UTF8", StandardCharsets.UTF_8,
          "UTF16", StandardCharsets.UTF_16,
          "UTF16LE", StandardCharsets.UTF_16LE,
          "UTF16BE", StandardCharsets.UTF_16BE,
          "ISO88591", StandardCharsets.ISO_8859_1);

  private final Tokens tokens;
  private final OptionWords options = new OptionWords();
  private final AuthorizationClause authorization = new AuthorizationClause();

  private CopyParser(Tokens tokens) {
    this.tokens = tokens;
  }

  static CopyStatement parse(String sql) throws SqlError {
    return new CopyParser(new Tokens(sql)).statement();
  }

  private CopyStatement statement() throws SqlError {
    tokens.expect("COPY");
    String first = tokens.identifier();
    String second = tokens.accept('.') ? tokens.identifier() : null;
    if (tokens.accept('.')) {
      throw new SqlError("0A000", "COPY into a table of another database is not supported");
    }
    List<String> columns = columns();
    tokens.expect("FROM");
    S3Location source = tokens.location();
    while (tokens.peek().kind() == Token.Kind.WORD) {
      if (!authorization.accept(tokens)) {
        option();
      }
    }
    tokens.end();
    refuseContradictions();
    return new CopyStatement(
        second == null ? null : first,
        second == null ? first : second,
        columns,
        source,
        authorization.authorization(),
        format(),
        options.compression(),
        options.has("MANIFEST"),
        conversion(),
        (int) options.number("MAXERROR", 0, 100_000),
        options.has("NOLOAD"),
        options.text("REGION"));
  }

  private List<String> columns() throws SqlError {
    List<String> columns = new ArrayList<>();
    if (tokens.accept('(')) {
      do {
        columns.add(tokens.identifier());
      } while (tokens.accept(','));
      tokens.expect(')');
    }
    return List.copyOf(columns);
  }

  private void option() throws SqlError {
    Token word =
        tokens.option(format -> FORMATS.contains(format) || NOT_IN_SANDBOX.contains(format));
    String name = word.keyword();
    if (NOT_IN_SANDBOX.contains(name)) {
      throw new SqlError("0A000", "COPY option " + name + " is not supported by the sandbox");
    } else if (FLAGS.contains(name)) {
      options.put(name, "");
    } else if (STRINGS.contains(name)) {
      options.put(name, tokens.string());
    } else if (NUMBERS.contains(name)) {
      options.put(name, String.valueOf(tokens.number()));
    } else if (SWITCHES.contains(name)) {
      boolean valued = SWITCH_VALUES.contains(tokens.peek().keyword());
      options.put(name, valued ? tokens.next().keyword() : "ON");
    } else if (name.equals("JSON") || name.equals("AVRO")) {
      boolean valued = tokens.accept("AS") || tokens.atString();
      options.put(name, valued ? tokens.string() : "auto");
    } else if (name.equals("ACCEPTINVCHARS")) {
      boolean valued = tokens.accept("AS") || tokens.atString();
      options.put(name, valued ? tokens.string() : "?");
    } else if (name.equals("ENCODING")) {
      tokens.accept("AS");
      options.put(name, tokens.next().keyword());
    } else {
      throw Tokens.syntaxError(word);
    }
  }

  private void refuseContradictions() throws SqlError {
    if (options.names().stream().filter(FORMATS::contains).count() > 1) {
      throw new SqlError("42601", "conflicting or redundant options");
    }
    refuseTogether("CSV", "ESCAPE", "REMOVEQUOTES");
    for (String named : List.of("JSON", "AVRO")) {
      refuseTogether(
          named,
          "DELIMITER",
          "QUOTE",
          "ESCAPE",
          "REMOVEQUOTES",
          "FILLRECORD",
          "IGNOREHEADER",
          "IGNOREBLANKLINES",
          "SERIALIZETOJSON");
    }
    refuseTogether("AVRO", "GZIP", "ZSTD", "BZIP2", "ENCODING");
    if (options.has("PARQUET")) {
      for (String name : options.names()) {
        if (!WITH_PARQUET.contains(name)) {
          throw new SqlError("0A000", name + " argument is not supported for PARQUET based COPY");
        }
      }
    } else if (options.has("SERIALIZETOJSON")) {
      throw new SqlError("0A000", "SERIALIZETOJSON is only supported for PARQUET based COPY");
    }
    if (options.has("QUOTE") && !options.has("CSV")) {
      throw new SqlError("42601", "QUOTE can be used only with CSV");
    }
  }

  private void refuseTogether(String name, String... others) throws SqlError {
    if (options.has(name)) {
      for (String other : others) {
        if (options.has(other)) {
          throw new SqlError("42601", name + " cannot be used with " + other);
        }
      }
    }
  }

  private CopyFormat format() throws SqlError {
    String json = options.text("JSON");
    if (json != null) {
      return new CopyFormat.Json(mapping(json, true));
    }
    String avro = options.text("AVRO");
    if (avro != null) {
      return new CopyFormat.Avro(mapping(avro, false));
    }
    if (options.has("PARQUET")) {
      return new CopyFormat.Parquet(options.has("SERIALIZETOJSON"));
    }
    boolean csv = options.has("CSV");
    byte delimiter = options.character("DELIMITER", csv ? ',' : '|');
    byte quote = options.character("QUOTE", '"');
    if (csv && delimiter == quote) {
      throw new SqlError("22023", "COPY delimiter and quote must be different");
    }
    return new CopyFormat.Delimited(
        csv, delimiter, quote, options.has("ESCAPE"), options.has("REMOVEQUOTES"));
  }

  private static CopyFormat.Mapping mapping(String option, boolean json) throws SqlError {
    switch (option) {
      case "auto":
        return new CopyFormat.Mapping(CopyFormat.Mapping.Kind.AUTO, null);
      case "auto ignorecase":
        return new CopyFormat.Mapping(CopyFormat.Mapping.Kind.AUTO_IGNORE_CASE, null);
      case "noshred":
        if (json) {
          return new CopyFormat.Mapping(CopyFormat.Mapping.Kind.NO_SHRED, null);
        }
        break;
      default:
        if (option.startsWith("s3://")) {
          return new CopyFormat.Mapping(CopyFormat.Mapping.Kind.PATHS, S3Location.parse(option));
        }
        break;
    }
    throw new SqlError("22023", "Invalid JSONPaths option: '" + option + "'");
  }

  private Conversion conversion() throws SqlError {
    return new Conversion(
        nullString(),
        options.has("EMPTYASNULL"),
        options.has("BLANKSASNULL"),
        options.text("DATEFORMAT"),
        options.text("TIMEFORMAT"),
        options.has("ACCEPTANYDATE"),
        replacement(),
        options.has("TRUNCATECOLUMNS"),
        options.has("FILLRECORD"),
        options.has("TRIMBLANKS"),
        options.has("ROUNDEC"),
        options.has("EXPLICIT_IDS"),
        (int) options.number("IGNOREHEADER", 0, Integer.MAX_VALUE),
        options.has("IGNOREBLANKLINES"),
        encoding());
  }

  private byte[] nullString() throws SqlError {
    byte[] text = OptionWords.unescape(options.text("NULL", "\\N"));
    if (text.length == 1 && text[0] == '\n') {
      throw new SqlError("22023", "NULL AS cannot be a newline: it ends a line");
    }
    return text;
  }

  private @Nullable Byte replacement() throws SqlError {
    String text = options.text("ACCEPTINVCHARS");
    if (text == null) {
      return null;
    }
    if (text.length() != 1 || text.charAt(0) == 0 || text.charAt(0) > 127) {
      throw new SqlError("22023", "The ACCEPTINVCHARS replacement must be one ASCII character");
    }
    return (byte) text.charAt(0);
  }

  private Charset encoding() throws SqlError {
    String name = options.text("ENCODING", "UTF8").toUpperCase(Locale.ROOT);
    Charset charset = ENCODINGS.get(name.replace("-", ""));
    if (charset == null) {
      throw new SqlError("22023", "Unrecognized encoding \"" + name + "\"");
    }
    return charset;
  }
}
