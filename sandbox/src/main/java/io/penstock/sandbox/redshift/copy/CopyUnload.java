package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.S3Endpoint;
import io.penstock.sandbox.redshift.Backend;
import io.penstock.sandbox.redshift.SqlError;
import io.penstock.sandbox.redshift.StatementExtension;
import java.io.IOException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;

/**
 * COPY from and UNLOAD to Amazon S3 as the Amazon Redshift Database Developer Guide documents them.
 * What the sandbox lacks is refused by name with SQLSTATE 0A000.
 */
public final class CopyUnload implements StatementExtension, AutoCloseable {
  private final S3Endpoint s3;
  private final LoadErrorLog log;
  private final QueryTranslation translation;
  private final SdkHttpClient http = ApacheHttpClient.builder().maxConnections(64).build();

  /** Translates the queries of UNLOAD as the wire front translates queries. */
  public CopyUnload(S3Endpoint s3, LoadErrorLog log) {
    this(s3, log, UnloadQuery::translate);
  }

  /**
   * @param translation makes the query of an UNLOAD one that PostgreSQL runs
   */
  public CopyUnload(S3Endpoint s3, LoadErrorLog log, QueryTranslation translation) {
    this.s3 = s3;
    this.log = log;
    this.translation = translation;
  }

  @Override
  public boolean handles(String sql) {
    String word = Lexer.firstWord(sql);
    return word.equals("COPY") || word.equals("UNLOAD");
  }

  /**
   * @throws SqlError with Redshift's SQLSTATE and message; a transaction around the statement is
   *     aborted and nothing is stored
   */
  @Override
  public String execute(String sql, Backend backend) throws IOException, SqlError {
    try {
      if (Lexer.firstWord(sql).equals("UNLOAD")) {
        unload(UnloadParser.parse(sql), backend);
        return "UNLOAD";
      }
      copy(CopyParser.parse(sql), backend);
      return "COPY";
    } catch (SqlError e) {
      abortTransaction(backend);
      throw e;
    }
  }

  private void copy(CopyStatement copy, Backend backend) throws IOException, SqlError {
    try (S3Store store = S3Store.open(s3, http, copy.authorization(), copy.region())) {
      new CopyExecution(copy, store, log, new Session(backend), backend).run();
    }
  }

  private void unload(UnloadStatement unload, Backend backend) throws IOException, SqlError {
    try (S3Store store = S3Store.open(s3, http, unload.authorization(), unload.region())) {
      new UnloadExecution(unload, store, new Session(backend), backend, translation).run();
    }
  }

  /** A failed statement ends a transaction, also when PostgreSQL never saw it fail. */
  private static void abortTransaction(Backend backend) throws IOException {
    try {
      backend.execute("DO 'BEGIN RAISE EXCEPTION ''COPY or UNLOAD failed''; END'");
    } catch (SqlError expected) {
      // the error is the purpose
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
