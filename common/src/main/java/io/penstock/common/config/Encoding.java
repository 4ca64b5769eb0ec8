package io.penstock.common.config;

/** What is done to a whole delivered file, or to all files of a delivery together. */
public enum Encoding {
  NONE,
  GZIP,
  /** Zstandard (RFC 8878), for files that COPY reads. */
  ZSTD,
  ZIP,
  TAR,
  TGZ;

  /** Whether one object holds all files. */
  public boolean isArchive() {
    return this == ZIP || this == TAR || this == TGZ;
  }

  /** What the encoding adds to a name, with its dot; empty for none. */
  public String extension() {
    return switch (this) {
      case NONE -> "";
      case GZIP -> ".gz";
      case ZSTD -> ".zst";
      case ZIP -> ".zip";
      case TAR -> ".tar";
      case TGZ -> ".tgz";
    };
  }
}
