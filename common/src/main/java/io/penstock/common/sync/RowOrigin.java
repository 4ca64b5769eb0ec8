package io.penstock.common.sync;

/** Which attempt to send a row was the first to send it as it is. */
public final class RowOrigin {
  /**
   * The whole-number column of a sync's changes. A row that is sent again with the same key and the
   * same origin is the same row, so that receivers may drop it; with another origin it may differ.
   */
  public static final String COLUMN = "__penstock_origin";

  private RowOrigin() {}
}
