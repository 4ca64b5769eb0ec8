package io.penstock.common.config;

import io.penstock.common.text.TextDialect;
import java.io.Serializable;

/** The form of a delivered file. */
public sealed interface OutputFormat extends Serializable {
  record Parquet(Codec codec) implements OutputFormat {
    @Override
    public String extension() {
      return "parquet";
    }
  }

  /**
   * @param logicalTypes whether decimals, dates and timestamps are Avro's logical types; else they
   *     are strings in the form that text files have, for readers that know primitive types only
   */
  record Avro(Codec codec, boolean logicalTypes) implements OutputFormat {
    public Avro(Codec codec) {
      this(codec, true);
    }

    @Override
    public String extension() {
      return "avro";
    }
  }

  /**
   * @param extension {@code csv}, {@code tsv} or {@code psv}
   */
  record Text(String extension, TextDialect dialect) implements OutputFormat {}

  /** One array of objects in each file. */
  record JsonArray() implements OutputFormat {
    @Override
    public String extension() {
      return "json";
    }
  }

  /** One object on each line. */
  record Ndjson() implements OutputFormat {
    @Override
    public String extension() {
      return "ndjson";
    }
  }

  /** Compression inside Parquet and Avro files. Avro's gzip is deflate. */
  enum Codec {
    NONE,
    SNAPPY,
    GZIP,
    ZSTD
  }

  /** The default file extension, without a dot. */
  String extension();
}
