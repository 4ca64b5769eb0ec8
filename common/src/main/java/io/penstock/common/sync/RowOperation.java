package io.penstock.common.sync;

/** What became of a row since the sync before. */
public enum RowOperation {
  INSERT("insert"),
  UPDATE("update"),
  DELETE("delete");

  /** The text column of a sync's changes that holds {@link #text}. */
  public static final String COLUMN = "operation";

  private final String text;

  RowOperation(String text) {
    this.text = text;
  }

  /** The word that rows and state tables hold. */
  public String text() {
    return text;
  }
}
