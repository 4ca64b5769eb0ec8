package io.penstock.jobs.map;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;

/** A template that does not fit the query. */
final class Mismatch {
  private Mismatch() {}

  static PenstockException ofEntry(String entry, String reason, String remedy) {
    return PenstockException.of(
        ErrorCode.TEMPLATE_MISMATCH,
        "template entry " + entry + " does not fit the query",
        reason,
        remedy);
  }

  static PenstockException ofColumns(String problem, String reason, String remedy) {
    return PenstockException.of(ErrorCode.TEMPLATE_MISMATCH, problem, reason, remedy);
  }
}
