package io.penstock.jobs.deliver;

import io.penstock.common.error.PenstockException;

/** Values that a text file cannot hold. */
final class TextErrors {
  private TextErrors() {}

  static PenstockException notUtf8(String column) {
    return DeliveryErrors.valueRefused(
        column,
        "it is not valid UTF-8",
        "clean the column in the query, or deliver it as binary: cast(... as binary)");
  }

  static PenstockException unencodable(String column, String charset) {
    return DeliveryErrors.valueRefused(
        column,
        "it holds a character that " + charset + " lacks",
        "write text.charset = UTF-8, or replace the character in the query");
  }

  static PenstockException looksLikeNull(String column) {
    return DeliveryErrors.valueRefused(
        column,
        "it reads the same as what stands for NULL",
        "choose another text.null, or a text.quote-mode that tells them apart: all-non-null");
  }

  static PenstockException needsEscape(String column) {
    return DeliveryErrors.valueRefused(
        column,
        "it holds a delimiter or a line ending, and the dialect neither quotes nor escapes",
        "set text.escape, or a text.quote-mode other than none");
  }
}
