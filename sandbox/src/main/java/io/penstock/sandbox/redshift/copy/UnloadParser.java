package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses UNLOAD. Source: Amazon Redshift Database Developer Guide, "UNLOAD". */
final class UnloadParser {
  private static final Set<String> FLAGS =
      Set.of(
          "CSV",
          "PARQUET",
          "JSON",
          "TEXT",
          "GZIP",
          "ZSTD",
          "BZIP2",
          "ADDQUOTES",
          "ESCAPE",
          "HEADER",
          "ALLOWOVERWRITE",
          "CLEANPATH");
  private static final Set<String> STRINGS =
      Set.of("DELIMITER", "NULL", "REGION", "EXTENSION", "KMS_KEY_ID");
  private static final Set<String> FORMATS = Set.of("CSV", "PARQUET", "JSON", "TEXT");
  private static final Set<String> NOT_IN_SANDBOX =
      Set.of("FIXEDWIDTH", "MASTER_SYMMETRIC_KEY", "PARTITION", "ROWGROUPSIZE", "ORC", "ICEBERG");
  private static final String[] NOT_WITH_PARQUET = {
    "DELIMITER", "ADDQUOTES", "ESCAPE", "NULL", "HEADER", "GZIP", "BZIP2", "ZSTD"
  };
  private static final String[] NOT_WITH_JSON = {
    "DELIMITER", "HEADER", "ADDQUOTES", "ESCAPE", "NULL"
  };
  private static final long MEGABYTE = 1 << 20;
  private static final long LEAST_FILE = 5 * MEGABYTE;
  private static final long LARGEST_FILE = (long) (6.2 * 1024) * MEGABYTE;

  private final Tokens tokens;
  private final OptionWords options = new OptionWords();
  private final AuthorizationClause authorization = new AuthorizationClause();

  private UnloadParser(Tokens tokens) {
    this.tokens = tokens;
  }

  static UnloadStatement parse(String sql) throws SqlError {
    return new UnloadParser(new Tokens(sql)).statement();
  }

  private UnloadStatement statement() throws SqlError {
    tokens.expect("UNLOAD");
    tokens.expect('(');
    if (!tokens.atString()) {
      throw Tokens.syntaxError(tokens.peek());
    }
    Token quoted = tokens.next();
    String query =
        quoted.source().startsWith("$") ? quoted.text() : quoted.text().replace("\\\\", "\\");
    tokens.expect(')');
    tokens.expect("TO");
    S3Location target = tokens.location();
    while (tokens.peek().kind() == Token.Kind.WORD) {
      if (!authorization.accept(tokens)) {
        option();
      }
    }
    tokens.end();
    refuseContradictions();
    UnloadQuery.check(query);
    return new UnloadStatement(
        query,
        target,
        authorization.authorization(),
        format(),
        options.compression(),
        manifest(),
        !options.text("PARALLEL", "ON").equals("OFF"),
        existing(),
        Long.parseLong(options.text("MAXFILESIZE", String.valueOf(LARGEST_FILE))),
        options.text("EXTENSION"),
        options.text("REGION"),
        kmsKey());
  }

  private void option() throws SqlError {
    Token word =
        tokens.option(format -> FORMATS.contains(format) || NOT_IN_SANDBOX.contains(format));
    String name = word.keyword();
    if (NOT_IN_SANDBOX.contains(name)) {
      throw new SqlError(
          "0A000",
          "UNLOAD option "
              + (name.equals("PARTITION") ? "PARTITION BY" : name)
              + " is not supported by the sandbox");
    } else if (FLAGS.contains(name)) {
      options.put(name, "");
    } else if (STRINGS.contains(name)) {
      options.put(name, tokens.string());
    } else if (name.equals("ENCRYPTED")) {
      options.put(name, tokens.accept("AUTO") ? "AUTO" : "");
    } else if (name.equals("MANIFEST")) {
      options.put(name, tokens.accept("VERBOSE") ? "VERBOSE" : "PLAIN");
    } else if (name.equals("PARALLEL")) {
      options.put(name, parallel());
    } else if (name.equals("MAXFILESIZE")) {
      options.put(name, String.valueOf(fileSize()));
    } else {
      throw Tokens.syntaxError(word);
    }
  }

  private String parallel() {
    if (tokens.accept("OFF") || tokens.accept("FALSE")) {
      return "OFF";
    }
    if (!tokens.accept("ON")) {
      tokens.accept("TRUE");
    }
    return "ON";
  }

  private long fileSize() throws SqlError {
    tokens.accept("AS");
    Token size = tokens.next();
    double number;
    try {
      number = Double.parseDouble(size.text());
    } catch (NumberFormatException e) {
      throw Tokens.syntaxError(size);
    }
    long unit = MEGABYTE;
    if (tokens.accept("GB")) {
      unit = 1024 * MEGABYTE;
    } else {
      tokens.accept("MB");
    }
    long bytes = (long) (number * unit);
    if (bytes < LEAST_FILE || bytes > LARGEST_FILE) {
      throw new SqlError("22023", "MAXFILESIZE must be between 5 MB and 6.2 GB");
    }
    return bytes;
  }

  private void refuseContradictions() throws SqlError {
    if (options.names().stream().filter(FORMATS::contains).count() > 1) {
      throw new SqlError("42601", "conflicting or redundant options");
    }
    refuseTogether("PARQUET", NOT_WITH_PARQUET);
    refuseTogether("JSON", NOT_WITH_JSON);
    refuseTogether("CSV", "ESCAPE", "ADDQUOTES");
    refuseTogether("CLEANPATH", "ALLOWOVERWRITE");
  }

  private void refuseTogether(String name, String... others) throws SqlError {
    if (options.has(name)) {
      for (String other : others) {
        if (options.has(other)) {
          throw new SqlError("0A000", other + " is not supported for UNLOAD with " + name);
        }
      }
    }
  }

  private UnloadFormat format() throws SqlError {
    if (options.has("PARQUET")) {
      return new UnloadFormat.Parquet();
    }
    if (options.has("JSON")) {
      return new UnloadFormat.Json();
    }
    boolean csv = options.has("CSV");
    return new UnloadFormat.Text(
        csv,
        options.character("DELIMITER", csv ? ',' : '|'),
        options.has("ADDQUOTES"),
        options.has("ESCAPE"),
        new String(OptionWords.unescape(options.text("NULL", "")), StandardCharsets.UTF_8),
        options.has("HEADER"));
  }

  /** Without a key of its own, ENCRYPTED AUTO takes that of the bucket, which has none here. */
  private @Nullable String kmsKey() throws SqlError {
    String key = options.text("KMS_KEY_ID");
    if (key != null && !options.has("ENCRYPTED")) {
      throw new SqlError("42601", "KMS_KEY_ID requires ENCRYPTED");
    }
    return key;
  }

  private UnloadStatement.Manifest manifest() {
    String given = options.text("MANIFEST");
    return given == null ? UnloadStatement.Manifest.NONE : UnloadStatement.Manifest.valueOf(given);
  }

  private UnloadStatement.Existing existing() {
    if (options.has("CLEANPATH")) {
      return UnloadStatement.Existing.DELETE;
    }
    return options.has("ALLOWOVERWRITE")
        ? UnloadStatement.Existing.OVERWRITE
        : UnloadStatement.Existing.REFUSE;
  }
}
