package io.penstock.common.sync;

/** Why a destination did not take a row. */
public final class RowFailure {
  /** The text column of failed rows, beside their keys; it holds nothing of the row. */
  public static final String COLUMN = "__penstock_reason";

  private RowFailure() {}
}
