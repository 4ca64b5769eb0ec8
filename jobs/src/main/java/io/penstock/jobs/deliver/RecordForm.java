package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * How a row becomes the bytes of one record, in formats that hold one record after the other.
 * Public for generated code; belongs to one task.
 */
public final class RecordForm {
  private final RecordField[] fields;
  private final byte[] start;
  private final byte[] end;

  RecordForm(List<? extends RecordField> fields, byte[] start, byte[] end) {
    this.fields = fields.toArray(new RecordField[0]);
    this.start = start;
    this.end = end;
  }

  /**
   * What a task needs to know to make the form.
   *
   * @param format one that is made of records: any but Parquet
   * @param columns of the files, but for a row number
   * @param numbered whether a row number precedes every record
   */
  public record Recipe(OutputFormat format, StructType columns, boolean numbered)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    static Recipe of(OutputFormat format, FileSchema files) {
      return new Recipe(format, files.columns(), files.rowNumber() != null);
    }

    public RecordForm open() {
      if (format instanceof OutputFormat.Text text) {
        return TextRecords.form(columns, text, numbered);
      }
      if (format instanceof OutputFormat.Avro avro) {
        return AvroRecords.form(columns, avro);
      }
      return JsonRecords.form(columns, format instanceof OutputFormat.JsonArray, numbered);
    }

    /** What plans show. */
    @Override
    public String toString() {
      return format.extension();
    }
  }

  public RecordField field(int column) {
    return fields[column];
  }

  public void begin(ByteSink sink) {
    sink.put(start);
  }

  public void end(ByteSink sink) {
    sink.put(end);
  }

  /** The whole record of a row whose columns are those of the files. */
  void put(InternalRow row, ByteSink sink) {
    begin(sink);
    for (int i = 0; i < fields.length; i++) {
      fields[i].put(row, i, sink);
    }
    end(sink);
  }
}
