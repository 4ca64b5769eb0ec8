package io.penstock.jobs.events;

import java.io.IOException;

/** A row that has no form as a record. The message is a reason that holds no value of the row. */
final class RefusedRecordException extends IOException {
  private static final long serialVersionUID = 1L;

  RefusedRecordException(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
