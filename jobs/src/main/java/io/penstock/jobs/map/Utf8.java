package io.penstock.jobs.map;

import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Reads the bytes of a text where they lie. */
final class Utf8 {
  private Utf8() {}

  static byte byteAt(UTF8String text, int at) {
    return Platform.getByte(text.getBaseObject(), text.getBaseOffset() + at);
  }
}
