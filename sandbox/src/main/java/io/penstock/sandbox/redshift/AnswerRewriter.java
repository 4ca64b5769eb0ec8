package io.penstock.sandbox.redshift;

import io.penstock.sandbox.redshift.sql.LongNames;
import io.penstock.sandbox.redshift.wire.Errors;
import io.penstock.sandbox.redshift.wire.Message;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes PostgreSQL's answers look like Redshift's: versions, type numbers, error texts. */
final class AnswerRewriter {
  static final int REDSHIFT_SUPER = 4000;
  static final int REDSHIFT_VARBYTE = 6551;
  private static final int POSTGRES_BYTEA = 17;
  private static final int POSTGRES_JSONB = 3802;

  /** The SQLSTATE of most of Redshift's own errors, 1023 among them. */
  private static final String INTERNAL_ERROR = "XX000";

  private static final String VERSION = "8.0.2";
  private static final Pattern BYTE_LIMIT =
      Pattern.compile("penstock_bytes_(varchar|char)_(\\d+)_.*");

  private final LongNames names;
  private boolean[] hexadecimal = {};
  private boolean anyHexadecimal;

  AnswerRewriter(LongNames names) {
    this.names = names;
  }

  /** Whether messages of this type go through {@link #rewrite}; all others are copied on. */
  boolean changes(char type) {
    return type == 'T' || type == 't' || (type == 'D' && (anyHexadecimal || !names.isEmpty()));
  }

  Message rewrite(Message message) {
    return switch (message.type()) {
      case 'T' -> rowDescription(message);
      case 't' -> parameterDescription(message);
      case 'D' -> dataRow(message);
      default -> message;
    };
  }

  private static int redshiftType(int type) {
    return switch (type) {
      case POSTGRES_JSONB -> REDSHIFT_SUPER;
      case POSTGRES_BYTEA -> REDSHIFT_VARBYTE;
      default -> type;
    };
  }

  /** The type number that PostgreSQL knows for one that a client sends. */
  static int postgresType(int type) {
    return switch (type) {
      case REDSHIFT_SUPER -> POSTGRES_JSONB;
      case REDSHIFT_VARBYTE -> POSTGRES_BYTEA;
      default -> type;
    };
  }

  private Message rowDescription(Message message) {
    Message.Reader reader = message.reader();
    int columns = reader.int16();
    hexadecimal = new boolean[columns];
    anyHexadecimal = false;
    Message.Builder builder = Message.builder('T').int16(columns);
    for (int i = 0; i < columns; i++) {
      builder.text(names.restore(reader.text())).int32(reader.int32()).int16(reader.int16());
      int type = reader.int32();
      hexadecimal[i] = type == POSTGRES_BYTEA;
      anyHexadecimal |= hexadecimal[i];
      builder.int32(redshiftType(type)).bytes(reader.bytes(8));
    }
    return builder.build();
  }

  private static Message parameterDescription(Message message) {
    Message.Reader reader = message.reader();
    int count = reader.int16();
    Message.Builder builder = Message.builder('t').int16(count);
    for (int i = 0; i < count; i++) {
      int type = reader.int32();
      // the driver binds bytes as bytea, and refuses to be told another type afterwards
      builder.int32(type == POSTGRES_JSONB ? REDSHIFT_SUPER : type);
    }
    return builder.build();
  }

  /** VARBYTE is sent as bare hexadecimal digits, bytea with a leading {@code \x}. */
  private Message dataRow(Message message) {
    Message.Reader reader = message.reader();
    int columns = reader.int16();
    Message.Builder builder = Message.builder('D').int16(columns);
    for (int i = 0; i < columns; i++) {
      int length = reader.int32();
      if (length < 0) {
        builder.int32(length);
        continue;
      }
      byte[] value = reader.bytes(length);
      if (i < hexadecimal.length && hexadecimal[i] && startsWithMark(value)) {
        value = Arrays.copyOfRange(value, 2, value.length);
      } else {
        value = names.restore(value);
      }
      builder.int32(value.length).bytes(value);
    }
    return builder.build();
  }

  private static boolean startsWithMark(byte[] value) {
    return value.length >= 2 && value[0] == '\\' && value[1] == 'x';
  }

  /** ParameterStatus, NoticeResponse and NotificationResponse. */
  Message status(Message message) {
    if (message.type() == 'N') {
      return restored(message);
    }
    if (message.type() != 'S') {
      return message;
    }
    Message.Reader reader = message.reader();
    String name = reader.text();
    return name.equals("server_version")
        ? Message.builder('S').text(name).text(VERSION).build()
        : message;
  }

  /**
   * ErrorResponse: the byte limits are CHECK constraints, refusals are raised in PL/pgSQL, and
   * PostgreSQL adds the failing row's values, which Redshift does not. Conflicts of transactions
   * are Redshift's error 1023 (AWS: "Troubleshooting serializable isolation errors").
   */
  Message error(Message message) {
    return restored(redshiftError(message));
  }

  /** ErrorResponse or NoticeResponse with the names that the client knows. */
  Message restored(Message message) {
    if (names.isEmpty()) {
      return message;
    }
    Map<Character, String> fields = Errors.fields(message);
    fields.replaceAll((field, text) -> names.restore(text));
    return Errors.message(message.type(), fields);
  }

  String restored(String name) {
    return names.restore(name);
  }

  private static Message redshiftError(Message message) {
    Map<Character, String> fields = Errors.fields(message);
    String state = fields.getOrDefault('C', "");
    Matcher limit = BYTE_LIMIT.matcher(fields.getOrDefault('n', ""));
    if (state.equals("23514") && limit.matches()) {
      String type = limit.group(1).equals("char") ? "character" : "character varying";
      return Errors.message(
          new SqlError("22001", "value too long for type " + type + "(" + limit.group(2) + ")"));
    }
    if (state.equals("23502")) {
      return Errors.message(
          new SqlError(state, "Cannot insert a NULL value into column " + fields.get('c')));
    }
    if (state.equals("40001")) {
      return Errors.message(
          new SqlError(
              INTERNAL_ERROR,
              "1023",
              "Serializable isolation violation on table in Redshift",
              null));
    }
    if (state.equals("21000") && fields.getOrDefault('M', "").startsWith("MERGE command")) {
      return Errors.message(
          new SqlError(INTERNAL_ERROR, "Found multiple matches to update the same tuple."));
    }
    if (fields.getOrDefault('W', "").contains("penstock_sandbox.")) {
      for (char internal : new char[] {'W', 'F', 'L', 'R', 'q', 'p'}) {
        fields.remove(internal);
      }
      return Errors.message(fields);
    }
    return message;
  }
}
