package io.penstock.common.config;

import io.penstock.common.names.NamePattern;

/** Reads name patterns, prefixes and plain names of objects. */
final class Names {
  private Names() {}

  static NamePattern pattern(Section section, String key, String text) {
    NamePattern pattern;
    try {
      pattern = NamePattern.parse(text);
    } catch (IllegalArgumentException e) {
      section.invalid(
          key,
          "is not a name pattern: " + e.getMessage(),
          "write variables as {{now|format:'yyyy-MM-dd'}}, {{job}}, {{run_id}}, {{file_number}}");
      return NamePattern.parse("");
    }
    return pattern;
  }

  static NamePattern prefix(Section section, String key, String text) {
    checkParts(section, key, text);
    NamePattern pattern = pattern(section, key, text.replaceFirst("/$", ""));
    if (pattern.usesFileNumber()) {
      section.invalid(key, "holds {{file_number}}", "use it in file-name only");
    }
    return pattern;
  }

  /** Requires parts between single slashes that lead nowhere else. */
  static void checkParts(Section section, String key, String text) {
    String plain = text.replaceAll("\\{\\{.*?}}", "x");
    if (plain.startsWith("/") || plain.contains("//") || !isPlain(plain)) {
      section.invalid(
          key,
          Values.shown(text) + " begins with a slash or holds an empty, '.' or '..' part",
          "write parts between single slashes, such as upload/daily");
    }
  }

  /** Whether no part of a path is '.' or '..' and there are no control characters. */
  static boolean isPlain(String path) {
    for (String part : path.split("/", -1)) {
      if (part.equals("..") || part.equals(".")) {
        return false;
      }
    }
    return path.codePoints().noneMatch(Character::isISOControl);
  }
}
