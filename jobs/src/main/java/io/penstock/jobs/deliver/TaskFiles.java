package io.penstock.jobs.deliver;

import java.util.List;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** The files of one committed task. */
record TaskFiles(List<StagedFile> files) implements WriterCommitMessage {
  private static final long serialVersionUID = 1L;
}
