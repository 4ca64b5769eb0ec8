package io.penstock.jobs.load;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StructType;

/** What the stand-in for the connector was given. It lives in a class loader of its own. */
public final class ConnectorNotes {
  private static final List<Note> NOTES = new CopyOnWriteArrayList<>();

  private ConnectorNotes() {}

  /** One write. Option names are in lower case. */
  record Note(SaveMode mode, Map<String, String> options, StructType schema) {}

  public static void note(SaveMode mode, Map<String, String> options, StructType schema) {
    NOTES.add(new Note(mode, Map.copyOf(options), schema));
  }

  static List<Note> notes() {
    return List.copyOf(NOTES);
  }
}
