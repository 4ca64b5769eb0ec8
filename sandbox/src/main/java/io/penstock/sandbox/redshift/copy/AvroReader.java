package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;

/**
 * Reads Avro object container files whose schema is a record. Source: Amazon Redshift Database
 * Developer Guide, "AVRO": no other codec than null, deflate and snappy, blocks of at most 4 MB.
 */
final class AvroReader implements RowOrigin {
  private static final Set<String> CODECS = Set.of("null", "deflate", "snappy");
  private static final long LONGEST_BLOCK = 4 << 20;

  private final DocumentMapping mapping;
  private final RowLoader loader;
  private long line;

  AvroReader(DocumentMapping mapping, RowLoader loader) {
    this.mapping = mapping;
    this.loader = loader;
  }

  void readAll(InputStream in, String name) throws IOException, SqlError {
    try (DataFileStream<Object> stream = open(in, name)) {
      Field[] fields = loader.fields();
      while (stream.hasNext()) {
        if (stream.getBlockSize() > LONGEST_BLOCK) {
          throw new SqlError("XX000", "An Avro block of " + name + " exceeds the limit of 4 MB");
        }
        Object datum = stream.next();
        line++;
        mapping.load(AvroDocument.of(stream.getSchema(), datum), fields, loader, this);
      }
    } catch (AvroRuntimeException e) {
      throw new SqlError("XX000", "Invalid AVRO file found: " + name);
    }
  }

  private static DataFileStream<Object> open(InputStream in, String name)
      throws IOException, SqlError {
    DataFileStream<Object> stream;
    try {
      stream = new DataFileStream<>(in, new GenericDatumReader<>());
    } catch (IOException | AvroRuntimeException e) {
      throw new SqlError(
          "XX000",
          "Invalid AVRO file found: " + name,
          "It is no Avro object container file, or its codec is not one of null, deflate, snappy.",
          null);
    }
    String codec = stream.getMetaString(DataFileConstants.CODEC);
    if (codec != null && !CODECS.contains(codec)) {
      stream.close();
      throw new SqlError(
          "XX000", "Unsupported AVRO codec '" + codec + "' in " + name + ": use deflate or snappy");
    }
    if (stream.getSchema().getType() != Schema.Type.RECORD) {
      stream.close();
      throw new SqlError(
          "XX000", "Invalid AVRO file found: the schema of " + name + " is no record");
    }
    return stream;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public long offset() {
    return 0;
  }

  @Override
  public String raw() {
    return "";
  }
}
