package io.penstock.sandbox.redshift.copy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * What STL_LOAD_ERRORS and STL_LOADERROR_DETAIL show. They are files in PostgreSQL's data directory
 * that foreign tables read ({@code load-errors.sql}): as in Redshift, a transaction sees them at
 * once, whatever its snapshot, and its rollback leaves them.
 */
public final class LoadErrorLog {
  private static final String ERRORS = "load_errors.csv";
  private static final String FIELDS = "load_error_fields.csv";
  private static final int LONGEST_TEXT = 1024;
  private static final int LONGEST_REASON = 100;
  private static final int LONGEST_FILE_NAME = 256;
  private static final int LONGEST_NAME = 127;
  private static final int LONGEST_TYPE = 10;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

  private final Path errors;
  private final Path fields;

  private LoadErrorLog(Path directory) throws IOException {
    this.errors = create(directory.resolve(ERRORS));
    this.fields = create(directory.resolve(FIELDS));
  }

  /** Creates the files where they are missing, in the data directory of this server. */
  public static LoadErrorLog open(DataSource database) throws IOException, SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SHOW data_directory")) {
      result.next();
      return new LoadErrorLog(Path.of(result.getString(1)));
    }
  }

  private static Path create(Path file) throws IOException {
    return Files.exists(file) ? file : Files.createFile(file);
  }

  /** Stores errors of one load. */
  synchronized void append(QueryIdentity query, TargetTable table, List<LoadError> added)
      throws IOException {
    if (added.isEmpty()) {
      return;
    }
    String started = LocalDateTime.now(ZoneOffset.UTC).format(TIME);
    append(errors, added.stream().map(error -> errorLine(query, table, started, error)));
    append(
        fields,
        added.stream()
            .flatMap(error -> error.fields().stream().map(f -> fieldLine(query, error, f))));
  }

  private static void append(Path file, Stream<String> lines) throws IOException {
    String text = lines.collect(Collectors.joining());
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  private static String errorLine(
      QueryIdentity query, TargetTable table, String started, LoadError error) {
    return line(
        query.userId(),
        0,
        table.oid(),
        started,
        query.session(),
        query.queryId(),
        text(error.fileName(), LONGEST_FILE_NAME),
        error.lineNumber(),
        text(error.columnName(), LONGEST_NAME),
        text(error.type(), LONGEST_TYPE),
        text(error.columnLength(), LONGEST_TYPE),
        error.position(),
        text(singleByte(error.rawLine()), LONGEST_TEXT),
        text(error.rawFieldValue(), LONGEST_TEXT),
        error.code(),
        text(error.reason(), LONGEST_REASON),
        0,
        error.startOffset());
  }

  private static String fieldLine(
      QueryIdentity query, LoadError error, LoadError.ParsedField field) {
    return line(
        query.userId(),
        0,
        query.session(),
        query.queryId(),
        text(error.fileName(), LONGEST_FILE_NAME),
        error.lineNumber(),
        field.number(),
        text(field.columnName(), LONGEST_TEXT),
        text(singleByte(field.value()), LONGEST_TEXT),
        field.isNull() ? 1 : 0,
        text(field.type(), LONGEST_TYPE),
        text(field.length(), LONGEST_TYPE));
  }

  private static String line(Object... values) {
    return Stream.of(values).map(String::valueOf).collect(Collectors.joining(",")) + "\n";
  }

  /** AWS: "Multibyte characters in the load data are replaced with a period." */
  private static String singleByte(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints().forEach(c -> plain.append(c < 0x80 ? (char) c : '.'));
    return plain.toString();
  }

  /** Any text, without what a line or a list of values could end at. PostgreSQL holds no NUL. */
  private static String text(String text, int longest) {
    String stored = text.replace('\0', ' ');
    int end =
        stored.codePointCount(0, stored.length()) <= longest
            ? stored.length()
            : stored.offsetByCodePoints(0, longest);
    byte[] bytes = stored.substring(0, end).getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
