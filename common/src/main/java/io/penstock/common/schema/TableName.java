package io.penstock.common.schema;

/** A schema and a table of Redshift, as the user wrote them, without quotes. */
public record TableName(String schema, String name) {
  @Override
  public String toString() {
    return schema + "." + name;
  }
}
