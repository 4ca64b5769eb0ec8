package io.penstock.common.config;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What relative paths are relative to.
 *
 * @param base an absolute directory or the URI of one, without a trailing slash
 */
record Locations(String base) {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

  static Locations of(Path directory) {
    return new Locations(directory.toAbsolutePath().normalize().toString());
  }

  static boolean hasScheme(String path) {
    return SCHEME.matcher(path).matches();
  }

  boolean isLocal() {
    return !hasScheme(base);
  }

  /** The absolute path or URI that {@code path} stands for. */
  String resolve(String path) {
    if (path.startsWith("file:")) {
      return path.replaceFirst("^file:/*", "/");
    }
    if (hasScheme(path)) {
      return path;
    }
    if (isLocal()) {
      return Path.of(base).resolve(path).normalize().toString();
    }
    return path.startsWith("/") ? path : base + "/" + path;
  }

  /** The directory that a file, named relative to this one, lies in. */
  Locations beside(String path) {
    String file = resolve(path);
    int slash = file.lastIndexOf('/');
    return new Locations(slash <= 0 ? "/" : file.substring(0, slash));
  }
}
