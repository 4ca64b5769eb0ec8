package io.penstock.jobs.sync;

import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;

/**
 * A digest of all values of a row: the first 128 bits of SHA-256 over their {@link ValueBytes}. It
 * is kept from one sync to the next, so it depends on nothing but the values and their types.
 */
public final class RowDigest implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Name of the form of the digest; another form has to have another name. */
  static final String FORM = "sha256-128/1";

  static final StructType TYPE =
      new StructType()
          .add(StateColumns.HASH_1, DataTypes.LongType, false)
          .add(StateColumns.HASH_2, DataTypes.LongType, false);

  private final StructType type;
  private transient @Nullable ValueBytes bytes;

  private RowDigest(StructType type) {
    this.type = type;
  }

  /** The digest of the rows' columns, as a struct of {@link #TYPE}. */
  static Column of(Dataset<Row> rows) {
    Column[] columns = new Column[rows.columns().length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = StateColumns.named(rows.columns()[i]);
    }
    Literal digest =
        Literal.fromObject(new RowDigest(rows.schema()), ObjectType.apply(RowDigest.class));
    return new Column(
        new Invoke(
            digest,
            "of",
            TYPE,
            JavaConverters.<Expression>asScalaBuffer(List.of(functions.struct(columns).expr()))
                .toList(),
            JavaConverters.<AbstractDataType>asScalaBuffer(List.of()).toList(),
            true,
            false,
            true));
  }

  /** The digest of one row; called from generated code. */
  public InternalRow of(InternalRow row) {
    ValueBytes written = bytes;
    if (written == null) {
      written = new ValueBytes();
      bytes = written;
    }
    written.clear();
    written.putFields(row, type);
    byte[] digest = written.digest(sha256());
    return new GenericInternalRow(new Object[] {number(digest, 0), number(digest, Long.BYTES)});
  }

  /** The first 64 bits of SHA-256, as a number. */
  static long number(byte[] text) {
    return number(sha256().digest(text), 0);
  }

  private static long number(byte[] digest, int at) {
    long number = 0;
    for (int i = at; i < at + Long.BYTES; i++) {
      number = number << Byte.SIZE | (digest[i] & 0xff);
    }
    return number;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowDigest digest && digest.type.equals(type);
  }

  @Override
  public int hashCode() {
    return type.hashCode();
  }

  @Override
  public String toString() {
    return "digest";
  }
}
