package io.penstock.jobs.deliver;

import java.io.IOException;

/** Where the files of one task go: objects of their own, or one object together. */
interface FileHome {

  /**
   * @param number of the file among those of its name
   */
  FilePipeline begin(Place place, long number) throws IOException;

  /** Takes a file that is finished over. */
  void end(FilePipeline file) throws IOException;

  /** What was written, complete and invisible. */
  TaskFiles complete() throws IOException;

  /** Leaves nothing behind of what was begun, complete or not. */
  void abandon() throws IOException;
}
