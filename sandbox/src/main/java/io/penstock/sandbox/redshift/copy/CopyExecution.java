package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.Backend;
import io.penstock.sandbox.redshift.SqlError;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.StringJoiner;

/** One COPY: resolves its files, streams them into the target table, reports what it loaded. */
final class CopyExecution {
  private static final int READ_BUFFER = 1 << 17;

  private final CopyStatement copy;
  private final S3Store store;
  private final LoadErrorLog log;
  private final Session session;
  private final Backend backend;

  CopyExecution(
      CopyStatement copy, S3Store store, LoadErrorLog log, Session session, Backend backend) {
    this.copy = copy;
    this.store = store;
    this.log = log;
    this.session = session;
    this.backend = backend;
  }

  void run() throws IOException, SqlError {
    QueryIdentity query = session.beginQuery();
    TargetTable table = TargetTable.read(copy, backend);
    List<S3Store.Listed> files = DataFiles.of(copy, store);
    session.loads(query);
    LoadJournal journal = new LoadJournal(log, query, table, copy.maxErrors());
    long loaded;
    try {
      loaded = load(table, files, journal);
    } finally {
      journal.write();
    }
    if (copy.noLoad()) {
      session.inform(
          "Load into table '"
              + table.name()
              + "' completed, NOLOAD: "
              + loaded
              + " record(s) were checked, none was loaded.");
      return;
    }
    session.copied(loaded);
    if (journal.errors() > 0) {
      session.inform(
          "Load into table '"
              + table.name()
              + "' completed, "
              + journal.errors()
              + " record(s) could not be loaded.  Check 'stl_load_errors' system table for"
              + " details.");
    }
    session.inform(
        "Load into table '"
            + table.name()
            + "' completed, "
            + loaded
            + " record(s) loaded successfully.");
  }

  private long load(TargetTable table, List<S3Store.Listed> files, LoadJournal journal)
      throws IOException, SqlError {
    Backend.CopySink sink = copy.noLoad() ? new Discard() : backend.copyIn(statement(table));
    RowLoader loader;
    boolean complete = false;
    try {
      // NULL AS is no option of JSON and of columnar formats
      boolean nullText =
          !(copy.format() instanceof CopyFormat.Parquet
              || copy.format() instanceof CopyFormat.Json);
      loader = new RowLoader(table.columns(), copy.conversion(), nullText, sink, journal);
      for (S3Store.Listed file : files) {
        loader.beginFile(file.location().toString());
        read(file, loader);
      }
      loader.flush();
      complete = true;
    } finally {
      if (!complete) {
        sink.cancel("COPY from Amazon S3 failed");
      }
    }
    sink.finish();
    return loader.rows();
  }

  private static String statement(TargetTable table) {
    StringJoiner columns = new StringJoiner(", ", " (", ")");
    table.columns().forEach(column -> columns.add(SqlText.identifier(column.name())));
    return "COPY " + table.identifier() + columns + " FROM STDIN";
  }

  private void read(S3Store.Listed file, RowLoader loader) throws IOException, SqlError {
    CopyFormat format = copy.format();
    if (format instanceof CopyFormat.Parquet parquet) {
      readParquet(file, parquet, loader);
    } else if (file.size() > 0) {
      try (InputStream object = store.read(file.location());
          InputStream raw = open(object, file)) {
        if (format instanceof CopyFormat.Delimited delimited) {
          new DelimitedReader(raw, delimited, copy.conversion(), loader).readAll();
        } else if (format instanceof CopyFormat.Json json) {
          new JsonReader(mapping(json.mapping(), loader), loader).readAll(raw);
        } else if (format instanceof CopyFormat.Avro avro) {
          new AvroReader(mapping(avro.mapping(), loader), loader)
              .readAll(raw, file.location().toString());
        }
      } catch (DataInput.Unreadable e) {
        throw unreadable(file, e);
      }
    }
  }

  private DocumentMapping mapping(CopyFormat.Mapping mapping, RowLoader loader)
      throws IOException, SqlError {
    return DocumentMapping.of(mapping, loader.columns(), store);
  }

  private InputStream open(InputStream object, S3Store.Listed file) throws SqlError {
    try {
      InputStream plain =
          copy.compression().decompress(new BufferedInputStream(object, READ_BUFFER));
      return new DataInput(Transcoder.toUtf8(plain, copy.conversion().encoding()));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private SqlError unreadable(S3Store.Listed file, IOException cause) {
    if (cause.getCause() instanceof CharacterCodingException) {
      return new SqlError(
          "XX000",
          "The encoding of " + file.location() + " is not the one specified in ENCODING",
          "Load error 1221",
          null);
    }
    return new SqlError(
        "XX000",
        "Failed to read "
            + file.location()
            + ": it is truncated, or not compressed as the COPY says ("
            + copy.compression()
            + ")");
  }

  private void readParquet(S3Store.Listed file, CopyFormat.Parquet format, RowLoader loader)
      throws IOException, SqlError {
    Path local = Files.createTempFile("penstock-copy", ".parquet");
    try {
      try (InputStream object = store.read(file.location())) {
        Files.copy(object, local, StandardCopyOption.REPLACE_EXISTING);
      }
      new ParquetReader(format, copy.conversion(), loader)
          .readAll(local, file.location().toString());
    } finally {
      Files.deleteIfExists(local);
    }
  }

  /** Where rows go that NOLOAD only checks. */
  private static final class Discard implements Backend.CopySink {
    @Override
    public void write(byte[] bytes, int offset, int length) {}

    @Override
    public long finish() {
      return 0;
    }

    @Override
    public void cancel(String reason) {}
  }
}
