package io.penstock.bench;

import java.io.IOException;

/** A folder of CSV files with gzip. */
record CsvReceiver(Folder folder) implements Receiver {
  @Override
  public String destination() {
    return "type = s3, directory = \"" + folder.path() + "\", format = csv, encoding = gzip";
  }

  @Override
  public void empty() throws IOException {
    folder.emptied();
  }

  @Override
  public long bytes() throws IOException {
    return folder.bytes();
  }

  @Override
  public String rows() {
    return "SELECT l_orderkey::BIGINT, l_linenumber::BIGINT, l_comment FROM read_csv('"
        + folder.path()
        + "/*.csv.gz', header = true, all_varchar = true, quote = '\"', escape = '\"')";
  }

  @Override
  public void close() throws IOException {
    folder.delete();
  }
}
