package io.penstock.sandbox.events;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Every record that was accepted, duplicates too, in the order of arrival: a line each in a file.
 */
final class Received implements AutoCloseable {
  private final Path file;
  private OutputStream out;

  Received(Path folder) throws IOException {
    this.file = Files.createDirectories(folder).resolve("received.ndjson");
    this.out = append();
  }

  private OutputStream append() throws IOException {
    return new BufferedOutputStream(
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  synchronized void add(List<Batch.Event> records) throws IOException {
    for (Batch.Event record : records) {
      out.write(onOneLine(record.text()));
      out.write('\n');
    }
  }

  /** Between tokens a line ending is a blank; within strings there is none. */
  private static byte[] onOneLine(byte[] text) {
    byte[] line = text.clone();
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' ';
      }
    }
    return line;
  }

  synchronized void copyTo(OutputStream target) throws IOException {
    out.flush();
    Files.copy(file, target);
  }

  synchronized List<String> lines() throws IOException {
    out.flush();
    return Files.readAllLines(file);
  }

  synchronized void clear() throws IOException {
    out.close();
    Files.delete(file);
    out = append();
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
