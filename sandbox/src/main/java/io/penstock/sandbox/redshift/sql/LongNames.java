package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The names that PostgreSQL keeps in another form ({@link StoredName}), learnt from the statements
 * that use them; what PostgreSQL answers has them again. They are kept in a file of the data
 * directory, outside of transactions: a name too many does no harm.
 */
public final class LongNames {
  private static final int SHORTEST = 64;

  private final Path file;
  private final Map<String, String> byStoredName = new ConcurrentHashMap<>();

  private LongNames(Path file) {
    this.file = file;
  }

  public static LongNames open(Path file) throws IOException {
    LongNames names = new LongNames(file);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        names.put(new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8));
      }
    }
    return names;
  }

  private boolean put(String name) {
    try {
      String stored = StoredName.of(name);
      return !stored.equals(name) && byStoredName.put(stored, name) == null;
    } catch (SqlError tooLong) {
      return false;
    }
  }

  public boolean isEmpty() {
    return byStoredName.isEmpty();
  }

  /** Takes over the names of these statements, those in the query of an UNLOAD included. */
  public void learn(String sql) throws IOException {
    if (sql.length() < SHORTEST / 4) {
      return;
    }
    for (Statement statement : Tokenizer.statements(sql)) {
      for (Token token : statement.tokens()) {
        if (token.isIdentifier()) {
          learnName(token.name());
        } else if (token.kind() == Token.Kind.STRING && statement.startsWith("unload")) {
          String quoted = token.text();
          learn(quoted.substring(1, Math.max(1, quoted.length() - 1)).replace("''", "'"));
        }
      }
    }
  }

  private void learnName(String name) throws IOException {
    if (name.length() >= SHORTEST / 4 && put(name)) {
      String line = Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
      synchronized (this) {
        Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    }
  }

  /** The text with the names as the client knows them. */
  public String restore(String text) {
    int mark = text.indexOf(StoredName.MARK);
    if (mark < 0 || isEmpty()) {
      return text;
    }
    StringBuilder restored = new StringBuilder();
    int copied = 0;
    for (; mark >= 0; mark = text.indexOf(StoredName.MARK, mark + 1)) {
      int end = mark + 1 + StoredName.DIGEST;
      String name = end <= text.length() ? endingAt(text, copied, mark, end) : null;
      if (name != null) {
        int start = end - name.length();
        restored.append(text, copied, start).append(byStoredName.get(name));
        copied = end;
      }
    }
    return restored.append(text, copied, text.length()).toString();
  }

  /** The stored name that ends at {@code end} and begins at or after {@code from}. */
  private @Nullable String endingAt(String text, int from, int mark, int end) {
    for (int start = Math.max(from, mark - SHORTEST); start < mark; start++) {
      String candidate = text.substring(start, end);
      if (byStoredName.containsKey(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /** As {@link #restore(String)}; the array itself where nothing changes. */
  public byte[] restore(byte[] value) {
    if (!hasMark(value)) {
      return value;
    }
    String text = new String(value, StandardCharsets.UTF_8);
    String restored = restore(text);
    return restored.equals(text) ? value : restored.getBytes(StandardCharsets.UTF_8);
  }

  /** The three bytes of the mark in UTF-8. */
  private static boolean hasMark(byte[] value) {
    for (int i = 0; i + 2 < value.length; i++) {
      if (value[i] == (byte) 0xe2 && value[i + 1] == (byte) 0x80 && value[i + 2] == (byte) 0xa6) {
        return true;
      }
    }
    return false;
  }

  /**
   * A query of the catalog with known names in its literals as the catalog has them, also those in
   * which underscores are escaped for LIKE.
   */
  public String asStored(String sql) {
    if (isEmpty() || !asksCatalog(sql)) {
      return sql;
    }
    String changed = sql;
    for (Map.Entry<String, String> name : byStoredName.entrySet()) {
      String literal = Translator.literal(name.getValue());
      changed = changed.replace(literal, Translator.literal(name.getKey()));
      String pattern = literal.replace("_", "\\\\_");
      changed = changed.replace(pattern, Translator.literal(name.getKey()));
    }
    return changed;
  }

  private static boolean asksCatalog(String sql) {
    String text = sql.toLowerCase(Locale.ROOT);
    return text.contains("pg_")
        || text.contains("svv_")
        || text.contains("information_schema")
        || text.contains("_privilege(")
        || text.contains("regclass");
  }
}
