package io.penstock.jobs.map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Conversions to and from text, called from generated code. Null means that the value does not fit.
 */
public final class Texts {
  private static final JsonFactory JSON = new JsonFactory();

  private Texts() {}

  public static @Nullable UTF8String withinBytes(UTF8String text, int most) {
    return text.numBytes() <= most ? text : null;
  }

  /**
   * CHAR holds single-byte characters only, and blanks at its end mean nothing (Amazon Redshift
   * Database Developer Guide, "Character types"): blanks beyond the length are cut off, the others
   * stay.
   */
  public static @Nullable UTF8String withinChar(UTF8String text, int most) {
    int length = text.numBytes();
    while (length > most && Utf8.byteAt(text, length - 1) == ' ') {
      length--;
    }
    if (length > most || !isSingleByte(text)) {
      return null;
    }
    return length == text.numBytes() ? text : UTF8String.fromBytes(text.getBytes(), 0, length);
  }

  static boolean isSingleByte(UTF8String text) {
    for (int at = 0; at < text.numBytes(); at++) {
      if (Utf8.byteAt(text, at) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Bytes that are UTF-8. */
  public static @Nullable UTF8String textOfBytes(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return UTF8String.fromBytes(bytes);
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  public static byte @Nullable [] bytesWithin(byte[] bytes, int most) {
    return bytes.length <= most ? bytes : null;
  }

  /** The UTF-8 bytes of a text. */
  public static byte @Nullable [] bytesOfText(UTF8String text, int most) {
    return text.numBytes() <= most ? text.getBytes() : null;
  }

  /** The words that Redshift takes for a boolean, in any case, and blanks around them. */
  public static @Nullable Boolean booleanOfText(UTF8String text) {
    if (text.numBytes() > 100) {
      return null;
    }
    return switch (text.trimAll().toLowerCase().toString()) {
      case "true", "t", "yes", "y", "1" -> true;
      case "false", "f", "no", "n", "0" -> false;
      default -> null;
    };
  }

  /** A text that is exactly one JSON value. */
  public static @Nullable UTF8String json(UTF8String text) {
    try (JsonParser parser = JSON.createParser(text.getBytes())) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return null;
      }
      parser.skipChildren();
      if (first.isScalarValue()) {
        parser.getText();
      }
      return parser.nextToken() == null ? text : null;
    } catch (IOException e) {
      return null;
    }
  }
}
