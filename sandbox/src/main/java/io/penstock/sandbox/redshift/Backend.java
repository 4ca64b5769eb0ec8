package io.penstock.sandbox.redshift;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client's own connection to the PostgreSQL server behind the front. What runs here runs in
 * that client's transaction and as that client's user.
 */
public interface Backend {

  /** Runs one PostgreSQL statement and returns its command tag, such as {@code INSERT 0 3}. */
  String execute(String sql) throws IOException, SqlError;

  /** Runs one PostgreSQL query. Values are in PostgreSQL's text format; null for SQL NULL. */
  List<List<@Nullable String>> query(String sql) throws IOException, SqlError;

  /** The name of a relation or column as the client knows it. */
  default String clientName(String stored) {
    return stored;
  }

  /**
   * Starts {@code COPY … FROM STDIN}. The caller writes the copy stream and then either {@link
   * CopySink#finish finishes} or {@link CopySink#cancel cancels} it.
   */
  CopySink copyIn(String sql) throws IOException, SqlError;

  /**
   * Runs {@code COPY … TO STDOUT}.
   *
   * @param receiver is given each row as it arrives
   */
  void copyOut(String sql, CopyReceiver receiver) throws IOException, SqlError;

  /** Takes the rows of a {@code COPY … TO STDOUT}, one after the other. */
  @FunctionalInterface
  interface CopyReceiver {
    /** Must not throw: the connection has to be read on. */
    void row(byte[] bytes);
  }

  /** Receives the bytes of a {@code COPY … FROM STDIN}. */
  interface CopySink {
    void write(byte[] bytes, int offset, int length) throws IOException, SqlError;

    /** Ends the copy and returns the number of rows it stored. */
    long finish() throws IOException, SqlError;

    /** Makes the server refuse the copy; PostgreSQL then reports an error in the transaction. */
    void cancel(String reason) throws IOException;
  }
}
