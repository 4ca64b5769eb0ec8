package io.penstock.common.schema;

/** How a column says that its text is JSON: by a flag in the metadata of its field. */
public final class JsonText {
  /** Key of a flag; true where every value that is not NULL is one JSON value. */
  public static final String METADATA = "penstock.json";

  private JsonText() {}
}
