package io.penstock.jobs.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StructType;

/** What the stand-in for the connector was given. It lives in a class loader of its own. */
public final class ConnectorNotes {
  private static final List<Write> WRITES = new CopyOnWriteArrayList<>();
  private static final List<Read> READS = new CopyOnWriteArrayList<>();

  private ConnectorNotes() {}

  /** One write. Option names are in lower case. */
  public record Write(SaveMode mode, Map<String, String> options, StructType schema) {}

  /** One scan. Option names are in lower case. */
  public record Read(Map<String, String> options, List<String> columns) {}

  public static void note(SaveMode mode, Map<String, String> options, StructType schema) {
    WRITES.add(new Write(mode, Map.copyOf(options), schema));
  }

  public static void note(Map<String, String> options, String[] columns) {
    READS.add(new Read(Map.copyOf(options), List.of(columns)));
  }

  public static List<Write> writes() {
    return List.copyOf(WRITES);
  }

  public static List<Read> reads() {
    return List.copyOf(READS);
  }
}
