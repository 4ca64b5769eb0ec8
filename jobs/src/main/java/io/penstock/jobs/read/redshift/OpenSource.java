package io.penstock.jobs.read.redshift;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.RedshiftSource.Ranges;
import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.plan.SourceRanges;
import io.penstock.common.plan.SourceStatements;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.SourceColumn;
import io.penstock.jobs.redshift.CarriedConnection;
import io.penstock.jobs.redshift.Database;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A source whose columns are known. It unloads each choice of columns once, however often Spark
 * plans to read it; what it unloaded goes with it.
 */
final class OpenSource implements AutoCloseable {
  private final String name;
  private final RedshiftSource source;
  private final CarriedConnection connection;
  private final Database database;
  private final SourceStatements statements;
  private final ReadContext context;
  private final Optional<Unloads> unloads;
  private final List<Unloaded> unloaded = new ArrayList<>();
  private final Set<SqlStatement> planned = new LinkedHashSet<>();
  private List<SourceColumn> columns = List.of();
  private Optional<Estimate> estimate = Optional.empty();
  private Reader reader = Reader.JDBC;
  private volatile @Nullable Session running;

  /**
   * Files of one UNLOAD, and where they are.
   *
   * @param read what was unloaded
   */
  record Unloaded(SourceRead read, StoreLocation.Bucket folder, UnloadManifest manifest) {}

  private OpenSource(String name, RedshiftSource source, ReadContext context) {
    this.name = name;
    this.source = source;
    this.connection = CarriedConnection.of(source.connection(), context.secrets());
    this.database = connection.database("source " + name);
    this.statements = new SourceStatements(source.rows());
    this.context = context;
    this.unloads =
        source
            .staging()
            .map(staging -> new Unloads(name, staging, context.folder(), context.secrets()));
  }

  /**
   * Asks for the columns, and how many rows there are by the statistics.
   *
   * @throws PenstockException {@code SOURCE_UNREADABLE}, {@code SECRET_UNRESOLVED}
   */
  static OpenSource open(String name, RedshiftSource source, ReadContext context) {
    try {
      OpenSource opened = new OpenSource(name, source, context);
      opened.describe();
      return opened;
    } catch (PenstockException e) {
      throw ReadFailures.of(e);
    }
  }

  private void describe() {
    columns =
        SourceTypes.columns(
            name,
            in("its look-up", session -> session.columns(statements.describe(), Duration.ZERO)));
    estimate = estimated();
    reader = ReaderChoice.of(name, source, columns, estimate);
    rangeColumn();
  }

  /** What cannot be estimated is read all the same. */
  private Optional<Estimate> estimated() {
    try {
      return in(
          "EXPLAIN",
          session -> Estimate.of(session.query(statements.estimate(), row -> row.getString(1))));
    } catch (PenstockException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** By whose values a read over JDBC is divided. */
  Optional<SourceColumn> rangeColumn() {
    Optional<String> written = source.ranges().column();
    if (written.isEmpty()) {
      return Optional.empty();
    }
    String folded = Identifiers.fold(written.get());
    SourceColumn found =
        columns.stream()
            .filter(column -> Identifiers.fold(column.name()).equals(folded))
            .findFirst()
            .orElseThrow(() -> noRanges(written.get(), "the source has no such column"));
    if (!SourceRanges.canDivide(found)) {
      throw noRanges(written.get(), "it is of type " + found.type());
    }
    return Optional.of(found);
  }

  private PenstockException noRanges(String column, String reason) {
    return PenstockException.of(
        ErrorCode.SOURCE_UNREADABLE,
        "Source " + name + " cannot be divided by its column " + column,
        reason,
        "Change sources."
            + name
            + ".jdbc.partition-column to a column of numbers without exponent, dates or timestamps,"
            + " or remove it");
  }

  String name() {
    return name;
  }

  RedshiftSource source() {
    return source;
  }

  Database database() {
    return database;
  }

  SourceStatements statements() {
    return statements;
  }

  /** All columns, in their order. */
  List<SourceColumn> columns() {
    return columns;
  }

  Reader reader() {
    return reader;
  }

  CarriedConnection connection() {
    return connection;
  }

  /** The estimated bytes of some of the columns. */
  OptionalLong bytes(int width) {
    return estimate.isEmpty()
        ? OptionalLong.empty()
        : estimate.get().bytes(Math.max(width, 1), columns.size());
  }

  /** A place for the connector's files, to be removed like those of an UNLOAD. */
  StoreLocation.Bucket place() {
    return unloads.orElseThrow().next();
  }

  /** Notes what Spark plans to send, for {@code plan}. */
  void plan(List<SqlStatement> sql) {
    planned.addAll(sql);
  }

  List<SqlStatement> planned() {
    return List.copyOf(planned);
  }

  /** The UNLOAD as it is shown: where the files go is known in part. */
  SqlStatement shownUnload(SourceRead read) {
    CopyAuthorization authorization =
        source.unloadCredentials() instanceof CopyCredentials.IamRole role
            ? new CopyAuthorization.IamRole(role.arn())
            : new CopyAuthorization.Keys("***", "***", Optional.of("***"));
    SqlStatement unload =
        statements
            .where(read.filter())
            .unload(read.columns(), Unloads.pattern(name, source, context.folder()), authorization);
    return SqlStatement.of(unload.redacted());
  }

  /**
   * Files with all rows that a read needs, and maybe others: what was unloaded already is taken
   * where it will do, so that reads which differ in conditions that follow from a join see the same
   * rows.
   */
  synchronized Unloaded unload(SourceRead read) {
    for (Unloaded known : unloaded) {
      if (known.read().includes(read)) {
        return known;
      }
    }
    StoreLocation.Bucket folder = unloads.orElseThrow().next();
    Unloaded made = new Unloaded(read, folder, unload(read, folder));
    unloaded.add(made);
    return made;
  }

  private UnloadManifest unload(SourceRead read, StoreLocation.Bucket folder) {
    SqlStatement sql =
        statements.where(read.filter()).unload(read.columns(), folder, authorization());
    long rows =
        in(
            "UNLOAD",
            session -> {
              session.execute(sql);
              return session.number(SourceStatements.countUnloaded());
            });
    UnloadManifest manifest = manifest(folder, rows);
    if (manifest.rows() != rows) {
      throw ReadFailures.ofCounts(
          name, "it unloaded " + rows + " rows, and the manifest has " + manifest.rows());
    }
    return manifest;
  }

  private UnloadManifest manifest(StoreLocation.Bucket folder, long rows) {
    try (ObjectStore store = ObjectStores.open(folder)) {
      Optional<byte[]> content = store.read(SourceStatements.MANIFEST);
      if (content.isEmpty() && rows == 0) {
        return UnloadManifest.empty();
      }
      return UnloadManifest.parse(
          content.orElseThrow(
              () -> new IOException(store.address(SourceStatements.MANIFEST) + " is not there")),
          folder);
    } catch (IOException e) {
      throw ReadFailures.ofStaging(name, "found by their manifest", e);
    }
  }

  private CopyAuthorization authorization() {
    return source.unloadCredentials() instanceof CopyCredentials.IamRole role
        ? new CopyAuthorization.IamRole(role.arn())
        : context.keys().resolve(source.staging().orElseThrow().location().access());
  }

  long count(SourceStatements counted) {
    return in("COUNT", session -> session.number(counted.count()));
  }

  /** What the tasks of a read over JDBC send. */
  List<RangePartition> ranges(SourceRead read) {
    Ranges ranges = source.ranges();
    Optional<SourceColumn> column = rangeColumn();
    if (column.isEmpty() || ranges.partitions() == 1) {
      return List.of(RangePartition.whole(statements.where(read.filter()).select(read.columns())));
    }
    return in("counting its ranges", session -> ranges(session, read, column.get()));
  }

  /** Limits and counts are of one snapshot. */
  private List<RangePartition> ranges(Session session, SourceRead read, SourceColumn column)
      throws SQLException {
    SourceStatements filtered = statements.where(read.filter());
    session.beginTransactions();
    SourceRanges ranges =
        new SourceRanges(
            column,
            session.query(
                filtered.limits(column, source.ranges().partitions()), row -> row.getString(1)));
    List<RangePartition> partitions =
        session.query(
            filtered.countRanges(ranges),
            row ->
                new RangePartition(
                    filtered.select(read.columns(), ranges.predicate(row.getInt(1))).sql(),
                    row.getLong(2)));
    session.rollback();
    return partitions;
  }

  @FunctionalInterface
  interface Work<T> {
    T with(Session session) throws SQLException;
  }

  /** Does something on a connection of its own, which {@link #cancel} can end. */
  <T> T in(String what, Work<T> work) {
    try (Session session = database.open()) {
      running = session;
      return work.with(session);
    } catch (SQLException e) {
      throw ReadFailures.of(name, what, e);
    } catch (PenstockException e) {
      throw ReadFailures.of(e);
    } finally {
      running = null;
    }
  }

  /** Ends what is waited for, from another thread. */
  void cancel() {
    Session session = running;
    if (session != null) {
      session.cancel();
    }
  }

  @Override
  public void close() {
    unloaded.clear();
    unloads.ifPresent(Unloads::close);
  }
}
