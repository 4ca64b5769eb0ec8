package io.penstock.jobs.deliver;

import java.util.List;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * What one task has written.
 *
 * @param files objects of its own
 * @param pieces of an object that all tasks write, in order
 */
record TaskFiles(List<StagedFile> files, List<FilePiece> pieces) implements WriterCommitMessage {
  private static final long serialVersionUID = 1L;

  static TaskFiles of(List<StagedFile> files) {
    return new TaskFiles(files, List.of());
  }
}
