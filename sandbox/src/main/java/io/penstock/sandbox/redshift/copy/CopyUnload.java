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
  private final SdkHttpClient http = ApacheHttpClient.builder().maxConnections(64).build();

  public CopyUnload(S3Endpoint s3, LoadErrorLog log) {
    this.s3 = s3;
    this.log = log;
  }

  @Override
  public boolean handles(String sql) {
    String word = Lexer.firstWord(sql);
    return word.equals("COPY") || word.equals("UNLOAD");
  }

  /**
   * @throws SqlError with Redshift's SQLSTATE and message; a COPY that fails has cancelled its
   *     PostgreSQL COPY, so that a transaction around it is aborted and nothing is stored
   */
  @Override
  public String execute(String sql, Backend backend) throws IOException, SqlError {
    CopyStatement copy = CopyParser.parse(sql);
    try (S3Store store = S3Store.open(s3, http, copy.authorization(), copy.region())) {
      new CopyExecution(copy, store, log, new Session(backend), backend).run();
    }
    return "COPY";
  }

  @Override
  public void close() {
    http.close();
  }
}
