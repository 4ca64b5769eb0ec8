package io.penstock.common.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What takes precedence over a job file.
 *
 * @param definitions key to value, {@code -D}; a value that starts with {@code [} or {@code {} is
 *     read as HOCON, {@code null} is null, anything else is a string
 * @param environmentFile the overlay that {@code --env} names
 */
public record Overrides(Map<String, String> definitions, Optional<Path> environmentFile) {

  /** Nothing above the job file. */
  public static Overrides none() {
    return new Overrides(Map.of(), Optional.empty());
  }
}
