package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;

/** The encoder of each format. */
final class Encoders {
  private Encoders() {}

  /**
   * @throws io.penstock.common.error.PenstockException {@code DELIVERY_VALUE_REFUSED} for a type
   *     that the format has no form for
   */
  static RowEncoder.Factory of(OutputFormat format, FileSchema schema) {
    if (format instanceof OutputFormat.Text text) {
      return TextEncoder.factory(schema, text.extension(), text.dialect());
    }
    if (format instanceof OutputFormat.Parquet parquet) {
      return ParquetEncoder.factory(schema, parquet.codec());
    }
    if (format instanceof OutputFormat.Avro avro) {
      return AvroEncoder.factory(schema, avro);
    }
    return JsonEncoder.factory(schema, format instanceof OutputFormat.JsonArray);
  }
}
