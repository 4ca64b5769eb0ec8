package io.penstock.common.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the texts that a job file refers to: included files and the query file. */
@FunctionalInterface
public interface TextReader {

  /**
   * @param location an absolute path or a URI
   * @throws IOException where there is no such text, or it is not UTF-8
   */
  String read(String location) throws IOException;

  /** Reads local files only. */
  static TextReader local() {
    return location -> {
      if (location.contains("://")) {
        throw new IOException("not a local file");
      }
      try {
        return Files.readString(Path.of(location));
      } catch (MalformedInputException e) {
        throw new IOException("not a UTF-8 text", e);
      }
    };
  }
}
