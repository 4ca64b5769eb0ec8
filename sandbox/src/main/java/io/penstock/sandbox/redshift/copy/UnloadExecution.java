package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.Backend;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One UNLOAD: writes the files of two slices, text as it reads the query through a cursor, Parquet
 * as the query's rows arrive.
 */
final class UnloadExecution {
  private static final int SLICES = 2;
  private static final int BATCH = 2000;
  private static final String NO_ACTIVE_TRANSACTION = "25P01";

  private final UnloadStatement unload;
  private final S3Store store;
  private final Session session;
  private final Backend backend;
  private final QueryTranslation translation;

  UnloadExecution(
      UnloadStatement unload,
      S3Store store,
      Session session,
      Backend backend,
      QueryTranslation translation) {
    this.unload = unload;
    this.store = store;
    this.session = session;
    this.backend = backend;
    this.translation = translation;
  }

  void run() throws IOException, SqlError {
    QueryIdentity query = session.beginQuery();
    String select = translation.translate(unload.query());
    String name = "penstock_unload_" + query.queryId();
    List<TargetColumn> columns = columns(select, name);
    prepareTarget();
    List<UnloadManifest.Entry> files =
        unload.format() instanceof UnloadFormat.Parquet
            ? parquet(select, columns)
            : text(select, name, columns);
    if (unload.manifest() != UnloadStatement.Manifest.NONE) {
      store.write(
          manifestLocation(),
          UnloadManifest.of(files, columns, unload.manifest() == UnloadStatement.Manifest.VERBOSE),
          unload.kmsKey());
    }
    long rows = files.stream().mapToLong(UnloadManifest.Entry::rows).sum();
    session.unloaded(rows);
    session.inform("UNLOAD completed, " + rows + " record(s) unloaded successfully.");
  }

  private List<UnloadManifest.Entry> parquet(String select, List<TargetColumn> columns)
      throws IOException, SqlError {
    try (ParquetUnload files = new ParquetUnload(unload, columns, store)) {
      backend.copyOut(ParquetUnload.copy(select), files);
      return files.finish();
    }
  }

  private List<UnloadManifest.Entry> text(String select, String name, List<TargetColumn> columns)
      throws IOException, SqlError {
    List<UnloadManifest.Entry> files = new ArrayList<>();
    boolean own = declare(name, select);
    boolean complete = false;
    try {
      write(name, columns, files);
      complete = true;
    } finally {
      if (own) {
        backend.execute(complete ? "COMMIT" : "ROLLBACK");
      }
    }
    if (!own) {
      backend.execute("CLOSE " + name);
    }
    return files;
  }

  private S3Location manifestLocation() {
    return unload.target().withKey(unload.target().key() + "manifest");
  }

  /** The result's columns, which PostgreSQL tells of a view. */
  private List<TargetColumn> columns(String select, String name) throws IOException, SqlError {
    backend.execute("CREATE TEMPORARY VIEW " + name + " AS " + select);
    List<TargetColumn> columns =
        TargetTable.columns(
            Long.parseLong(
                String.valueOf(
                    backend.query("SELECT 'pg_temp." + name + "'::regclass::oid").get(0).get(0))),
            backend);
    backend.execute("DROP VIEW pg_temp." + name);
    return columns.stream().map(column -> column.named(backend.clientName(column.name()))).toList();
  }

  private void prepareTarget() throws SqlError {
    switch (unload.existing()) {
      case OVERWRITE -> {}
      case DELETE -> {
        for (S3Store.Listed file : store.list(unload.target())) {
          store.delete(file.location());
        }
      }
      case REFUSE -> {
        for (S3Store.Listed file : store.list(unload.target())) {
          if (!file.location().key().endsWith("/")) {
            throw new SqlError(
                "XX000",
                "Specified unload destination on S3 is not empty. Consider using a different"
                    + " bucket / prefix, manually removing the target files in S3, or using the"
                    + " ALLOWOVERWRITE option.");
          }
        }
      }
    }
  }

  /** Opens the cursor; returns whether this needed a transaction of its own. */
  private boolean declare(String name, String select) throws IOException, SqlError {
    String declaration = "DECLARE " + name + " NO SCROLL CURSOR FOR " + select;
    try {
      backend.execute(declaration);
      return false;
    } catch (SqlError e) {
      if (!e.sqlState().equals(NO_ACTIVE_TRANSACTION)) {
        throw e;
      }
    }
    backend.execute("BEGIN");
    backend.execute(declaration);
    return true;
  }

  private void write(String cursor, List<TargetColumn> columns, List<UnloadManifest.Entry> files)
      throws IOException, SqlError {
    List<UnloadSlice> slices = new ArrayList<>();
    try {
      for (int number = 0; number < (unload.parallel() ? SLICES : 1); number++) {
        slices.add(new UnloadSlice(unload, columns, store, number, files));
      }
      int turn = 0;
      while (true) {
        List<List<@Nullable String>> rows = backend.query("FETCH " + BATCH + " FROM " + cursor);
        if (rows.isEmpty()) {
          break;
        }
        // half a batch each, so that small results also come in several files
        int share = (rows.size() + slices.size() - 1) / slices.size();
        for (int index = 0; index < rows.size(); index++) {
          slices.get((turn + index / share) % slices.size()).write(rows.get(index));
        }
        turn++;
      }
      for (UnloadSlice slice : slices) {
        slice.finish();
      }
    } finally {
      for (UnloadSlice slice : slices) {
        slice.close();
      }
    }
  }
}
