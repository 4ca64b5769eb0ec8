package io.penstock.sandbox.redshift.copy;

/**
 * A column that COPY fills or UNLOAD writes.
 *
 * @param type PostgreSQL's internal name, such as {@code int4}, {@code varchar}, {@code jsonb}
 * @param length bytes of a char or varchar, precision of a numeric; -1: none declared
 * @param scale of a numeric; 0 otherwise
 */
record TargetColumn(
    String name, String type, int length, int scale, boolean notNull, boolean identity) {

  private static final int HEADER = 4;

  /** Reads the type modifier as PostgreSQL's format_type does. */
  static TargetColumn of(
      String name, String type, int modifier, boolean notNull, boolean identity) {
    int length = -1;
    int scale = 0;
    if (modifier >= HEADER) {
      if (type.equals("numeric")) {
        length = ((modifier - HEADER) >> 16) & 0xffff;
        scale = (modifier - HEADER) & 0x7ff;
      } else if (type.equals("varchar") || type.equals("bpchar")) {
        length = modifier - HEADER;
      }
    }
    // the catalog's super is jsonb under another name
    String stored = type.equals("super") ? "jsonb" : type;
    return new TargetColumn(name, stored, length, scale, notNull, identity);
  }

  TargetColumn named(String other) {
    return new TargetColumn(other, type, length, scale, notNull, identity);
  }

  boolean isText() {
    return type.equals("varchar") || type.equals("bpchar") || type.equals("text");
  }

  /** The name that STL_LOAD_ERRORS shows. */
  String internalType() {
    return switch (type) {
      case "bpchar" -> "char";
      case "text" -> "varchar";
      case "jsonb" -> "super";
      case "bytea" -> "varbyte";
      default -> type;
    };
  }

  /** The name in Redshift's SQL. */
  String redshiftType() {
    return switch (type) {
      case "int2" -> "smallint";
      case "int4" -> "int";
      case "int8" -> "bigint";
      case "float4" -> "real";
      case "float8" -> "double precision";
      case "bool" -> "boolean";
      default -> internalType();
    };
  }
}
