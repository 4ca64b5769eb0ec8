package io.penstock.jobs.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.penstock.common.sync.RowOperation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * How a row becomes a record (RudderStack, "Common fields"; Segment, "Spec: Common Fields"). Public
 * because the code that Spark generates calls it; a form belongs to one task.
 */
public final class EventForm implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What {@link #record} answers; {@code refusal} is NULL where there is a record. */
  static final StructType MADE =
      new StructType()
          .add("user", DataTypes.StringType)
          .add("record", DataTypes.BinaryType)
          .add("refusal", DataTypes.StringType);

  private static final byte[] HEAD = "{\"messageId\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final String NO_ID = "0".repeat(MessageIds.LENGTH);

  private final Recipe recipe;
  private transient @Nullable Writer writer;

  EventForm(Recipe recipe) {
    this.recipe = recipe;
  }

  /**
   * What a task needs to know.
   *
   * @param columns of the rows that the form is given
   * @param ids ordinals of the columns that are part of a message id though a record need not hold
   *     them: the keys, and of a sync's changes operation and origin
   * @param operation ordinal of a sync's operation; {@link #NONE}: every row is new
   * @param track name of the event; null: the rows are identified
   * @param now the time of the run
   * @param sentAt what the records say of that; null: whoever sends them adds it
   * @param mostBytes of a record
   * @param seed of the message ids
   */
  record Recipe(
      StructType columns,
      Identity identity,
      List<Integer> ids,
      int operation,
      int timestamp,
      @Nullable String track,
      TraitTree.Branch traits,
      String now,
      @Nullable String sentAt,
      int mostBytes,
      String seed)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Stands for a column that is not there. */
    static final int NONE = -1;
  }

  /** Ordinals of the columns that say whom a row is about. */
  record Identity(int userId, int anonymousId, int email) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** The record of a row, whom it is about, and why there is none: see {@link #MADE}. */
  public InternalRow record(InternalRow row) {
    Writer known = writer;
    if (known == null) {
      known = new Writer(recipe);
      writer = known;
    }
    try {
      return known.write(row);
    } catch (RefusedRecordException refused) {
      // what was begun cannot be gone on with
      writer = null;
      return made(null, null, refused.reason());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InternalRow made(
      @Nullable String user, byte @Nullable [] record, @Nullable String refusal) {
    return new GenericInternalRow(
        new @Nullable Object[] {
          user == null ? null : UTF8String.fromString(user),
          record,
          refusal == null ? null : UTF8String.fromString(refusal)
        });
  }

  /** What plans show. */
  @Override
  public String toString() {
    return "event";
  }

  /** The bytes written so far, in place. */
  private static final class Bytes extends ByteArrayOutputStream {
    byte[] buffer() {
      return buf;
    }
  }

  private static final class Writer {
    private final Recipe recipe;
    private final JsonValue[] values;
    private final Texts.@Nullable Text[] texts;
    private final MessageIds ids;
    private final MessageIds anonymousIds = new MessageIds("penstock anonymousId");
    private final Bytes bytes = new Bytes();
    private final JsonGenerator out;

    Writer(Recipe recipe) {
      this.recipe = recipe;
      StructField[] columns = recipe.columns().fields();
      values = new JsonValue[columns.length];
      texts = new Texts.Text[columns.length];
      for (int i = 0; i < columns.length; i++) {
        values[i] = JsonValues.of(columns[i]);
        texts[i] = Texts.of(columns[i].dataType()).orElse(null);
      }
      ids = new MessageIds(recipe.seed());
      try {
        out = new JsonFactory().createGenerator(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      out.configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true);
      out.setRootValueSeparator(null);
    }

    InternalRow write(InternalRow row) throws IOException {
      Identity identity = recipe.identity();
      String userId = text(row, identity.userId());
      String anonymousId = text(row, identity.anonymousId());
      String email = text(row, identity.email());
      if (userId == null && anonymousId == null) {
        if (email == null) {
          throw new RefusedRecordException("nothing that identifies it: NULL or empty");
        }
        anonymousId = anonymousIds.of(email);
      }
      boolean delete = isDelete(row);
      if (delete && recipe.track() != null) {
        throw new RefusedRecordException("a deletion, which is nothing that somebody did");
      }
      String time = time(row);
      beginId(row);
      writeHead(userId, anonymousId);
      if (time != null) {
        writeTime(time);
      }
      writeContext(email);
      out.writeFieldName(recipe.track() == null ? "traits" : "properties");
      writeTraits(recipe.traits(), row, delete);
      String user = userId == null ? anonymousId : userId;
      return made(user, endRecord(time == null), null);
    }

    /** Empty text identifies nobody. */
    private @Nullable String text(InternalRow row, int ordinal) throws RefusedRecordException {
      if (ordinal == Recipe.NONE || row.isNullAt(ordinal)) {
        return null;
      }
      Texts.Text form = texts[ordinal];
      if (form == null) {
        throw new IllegalStateException("an identity is a scalar");
      }
      String text = form.of(row, ordinal);
      return text.isBlank() ? null : text;
    }

    private boolean isDelete(InternalRow row) {
      return recipe.operation() != Recipe.NONE
          && RowOperation.DELETE.text().equals(row.getUTF8String(recipe.operation()).toString());
    }

    /** When it was, where the row says so. */
    private @Nullable String time(InternalRow row) throws RefusedRecordException {
      int ordinal = recipe.timestamp();
      if (ordinal == Recipe.NONE || row.isNullAt(ordinal)) {
        return null;
      }
      Texts.Text form = texts[ordinal];
      if (form == null) {
        throw new IllegalStateException("a time is a scalar");
      }
      String text = form.of(row, ordinal);
      return text.indexOf('T') < 0 ? text + "T00:00:00.000Z" : text;
    }

    private void beginId(InternalRow row) throws IOException {
      bytes.reset();
      out.writeStartArray();
      for (int id : recipe.ids()) {
        values[id].writeOrNull(row, id, out);
      }
      out.writeEndArray();
      out.flush();
      ids.begin().add(bytes.buffer(), 0, bytes.size());
      bytes.reset();
    }

    private void writeHead(@Nullable String userId, @Nullable String anonymousId)
        throws IOException {
      out.writeStartObject();
      out.writeStringField("messageId", NO_ID);
      out.writeStringField("type", recipe.track() == null ? "identify" : "track");
      out.writeStringField("channel", "server");
      if (userId != null) {
        out.writeStringField("userId", userId);
      }
      if (anonymousId != null) {
        out.writeStringField("anonymousId", anonymousId);
      }
      if (recipe.track() != null) {
        out.writeStringField("event", recipe.track());
      }
    }

    private void writeTime(String time) throws IOException {
      out.writeStringField("timestamp", time);
      out.writeStringField("originalTimestamp", time);
    }

    private void writeContext(@Nullable String email) throws IOException {
      out.writeObjectFieldStart("context");
      out.writeObjectFieldStart("library");
      out.writeStringField("name", "penstock");
      out.writeEndObject();
      if (email != null) {
        out.writeObjectFieldStart("traits");
        out.writeStringField("email", email);
        out.writeEndObject();
      }
      out.writeEndObject();
    }

    /**
     * @param forgotten whether every value is null, which is how a deletion is told
     */
    private void writeTraits(TraitTree node, InternalRow row, boolean forgotten)
        throws IOException {
      if (node instanceof TraitTree.Branch branch) {
        out.writeStartObject();
        for (int i = 0; i < branch.names().size(); i++) {
          out.writeFieldName(branch.names().get(i));
          writeTraits(branch.members().get(i), row, forgotten);
        }
        out.writeEndObject();
      } else if (forgotten) {
        out.writeNull();
      } else if (node instanceof TraitTree.Leaf leaf) {
        values[leaf.ordinal()].writeOrNull(row, leaf.ordinal(), out);
      } else {
        out.writeRawValue(((TraitTree.Constant) node).json());
      }
    }

    /**
     * The id stands for all that follows it, but for the times of the run and of the sending: a
     * later run that sends the row once more sends the same.
     */
    private byte[] endRecord(boolean ofRun) throws IOException {
      out.flush();
      int known = bytes.size();
      if (ofRun) {
        writeTime(recipe.now());
      }
      if (recipe.sentAt() != null) {
        out.writeStringField("sentAt", recipe.sentAt());
      }
      out.writeEndObject();
      out.flush();
      if (bytes.size() > recipe.mostBytes()) {
        throw new RefusedRecordException("larger than a batch may be");
      }
      byte[] record = Arrays.copyOf(bytes.buffer(), bytes.size());
      int from = HEAD.length + MessageIds.LENGTH;
      byte[] id = ids.add(record, from, known).end().getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(id, 0, record, HEAD.length, id.length);
      return record;
    }
  }
}
