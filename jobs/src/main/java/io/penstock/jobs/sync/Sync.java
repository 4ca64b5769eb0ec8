package io.penstock.jobs.sync;

import static io.penstock.jobs.sync.StateColumns.HASH_1;
import static io.penstock.jobs.sync.StateColumns.HASH_2;
import static io.penstock.jobs.sync.StateColumns.HELD;
import static io.penstock.jobs.sync.StateColumns.OPERATION;
import static io.penstock.jobs.sync.StateColumns.ORIGIN;
import static io.penstock.jobs.sync.StateColumns.REASON;
import static org.apache.spark.sql.functions.col;

import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.SyncConfig.Mode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.SyncResult;
import io.penstock.common.sync.RowFailure;
import io.penstock.common.sync.RowOperation;
import io.penstock.common.sync.RowOrigin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sync of a job, in this order: {@link #compare} writes a snapshot that nobody looks at yet,
 * {@link #publishing} makes it known that destinations may get its changes, {@link #confirm} that
 * they have them, and {@link #advance} makes it the one that the next sync starts from. A sync that
 * dies in between leaves keys that the next one sends whatever their rows are then.
 */
public final class Sync implements AutoCloseable {
  private static final String IS_TO_BE_READ = "penstock is to be read";
  private static final String IS_OPEN = "penstock is open";
  private static final Logger LOG = LoggerFactory.getLogger(Sync.class);

  /**
   * What a sync is to do.
   *
   * @param anew whether all rows are to be sent, and a state that is lost or damaged to be replaced
   * @param known number of the last sync that is known to be done, whatever the state says
   */
  public record Order(SyncConfig config, RunContext run, boolean anew, long known) {}

  /**
   * Rows to compare.
   *
   * @param rows after mapping, those alone that {@link #isToBeRead} holds for
   * @param misfits rows that do not fit the template
   * @param all as {@code rows}, whatever {@link #isToBeRead} says
   * @param changing whether rows that are read twice may be others the second time: those that were
   *     compared are then kept, for they are the ones to send
   */
  public record Source(
      Dataset<Row> rows, Optional<Dataset<Row>> misfits, Dataset<Row> all, boolean changing) {

    /** Rows that are the same however often they are read. */
    public Source(Dataset<Row> rows, Optional<Dataset<Row>> misfits, Dataset<Row> all) {
      this(rows, misfits, all, false);
    }
  }

  private final Order order;
  private final SyncState state;
  private final MappedColumns mapped;
  private final Fingerprint fingerprint;
  private final Standing standing;
  private final StateColumns columns;
  private final Optional<CursorReading> cursor;
  private final Optional<String> full;
  private Optional<String> document;
  private @Nullable Dataset<Row> considered;
  private @Nullable Dataset<Row> kept;
  private @Nullable Dataset<Row> written;
  private @Nullable SyncEntry entry;

  private Sync(
      Order order,
      SyncState state,
      MappedColumns mapped,
      Fingerprint fingerprint,
      Standing standing) {
    this.order = order;
    this.state = state;
    this.mapped = mapped;
    this.fingerprint = fingerprint;
    this.standing = standing;
    this.document = standing.text();
    this.columns = StateColumns.of(order.config().keys(), mapped);
    this.cursor =
        order
            .config()
            .cursor()
            .map(
                given -> {
                  io.penstock.common.schema.Column column = mapped.find(given.column(), "cursor");
                  return CursorReading.of(given, column, mapped.type(column.name()));
                });
    this.full = whyFull();
  }

  /**
   * Finds out where the syncs of the job stand.
   *
   * @throws PenstockException {@code SYNC_STATE_LOST}, {@code STATE_UNREADABLE}; {@code
   *     TEMPLATE_MISMATCH} where the rows lack what the sync needs
   */
  public static Sync open(
      Order order, SyncState state, MappedColumns mapped, Fingerprint fingerprint) {
    SyncProblems.requireFreeOperation(mapped.columns());
    return new Sync(order, state, mapped, fingerprint, Standing.of(state, order));
  }

  private Optional<String> whyFull() {
    if (order.anew()) {
      return Optional.of("it was asked for");
    }
    if (standing.current().isEmpty()) {
      return Optional.of("it is the first sync");
    }
    if (order.config().mode() == Mode.FULL) {
      return Optional.of("sync.mode = full");
    }
    return fingerprint.changeSince(standing.current().get().fingerprint());
  }

  /** Why all rows are sent; empty: those alone that have changed. */
  public Optional<String> full() {
    return full;
  }

  /** The number of this sync among those of the job. */
  public long number() {
    return 1 + Math.max(order.known(), standing.document().lastNumber());
  }

  /** What rows have to fulfil to be read; empty: all are read. */
  public Optional<Column> isToBeRead() {
    return full.isPresent()
        ? Optional.empty()
        : cursor.flatMap(
            reading ->
                standing
                    .current()
                    .flatMap(current -> current.result().checkpoint())
                    .map(reading::isToBeRead));
  }

  /** Whether the run has ended a sync before, so that this one is another of the same run. */
  public boolean isAgain() {
    return standing
        .current()
        .filter(current -> current.runId().equals(order.run().runId()))
        .isPresent();
  }

  /** Compares the rows with those of the syncs before, and keeps the result as a snapshot. */
  public SyncResult compare(Source source) {
    state.writeSnapshot(number(), difference(source));
    Dataset<Row> snapshot = state.snapshot(number());
    written = snapshot;
    Findings findings = findings(snapshot);
    SyncResult result = findings.result(number(), order.config().mode(), full);
    entry =
        new SyncEntry(
            order.run().runId(),
            false,
            findings.rows(),
            findings.open(),
            fingerprint.digests(),
            result);
    return result;
  }

  /**
   * What a sync would do that began now.
   *
   * @param result empty: nothing was sent yet, so that there is nothing to compare with
   * @param samples some of its changes, as {@link #changes} gives them
   */
  public record Upcoming(Optional<SyncResult> result, Dataset<Row> samples) {}

  /**
   * Compares the rows and keeps nothing.
   *
   * @param rows how many samples of each operation
   */
  public Upcoming preview(Source source, int rows) {
    if (standing.current().isEmpty()) {
      return new Upcoming(Optional.empty(), source.rows().limit(0));
    }
    Mode mode = order.config().mode();
    Dataset<Row> snapshot = difference(source).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      SyncResult result = findings(snapshot).result(number(), mode, full);
      Dataset<Row> few = snapshot.limit(0);
      for (RowOperation operation : RowOperation.values()) {
        few = few.union(snapshot.filter(col(OPERATION).equalTo(operation.text())).limit(rows));
      }
      return new Upcoming(Optional.of(result), collected(few, mode));
    } finally {
      snapshot.unpersist();
    }
  }

  /** The rows of a few keys, as they are now. */
  private Dataset<Row> collected(Dataset<Row> few, Mode mode) {
    Dataset<Row> changes = new Changes(mapped, columns).of(done(considered), few, 0, mode);
    return changes.sparkSession().createDataFrame(changes.collectAsList(), changes.schema());
  }

  private Findings findings(Dataset<Row> snapshot) {
    return Findings.of(
        snapshot,
        columns,
        cursor,
        standing.current().flatMap(current -> current.result().checkpoint()));
  }

  /** The snapshot that {@link #compare} would write; nothing is computed yet. */
  Dataset<Row> difference(Source source) {
    Comparison comparing =
        new Comparison(
            columns,
            cursor,
            new Comparison.Terms(
                full.isPresent(), isToBeRead().isPresent(), order.run().now(), origin()));
    Dataset<Row> rows = considered(source);
    if (source.changing()) {
      kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
    }
    considered = rows;
    Dataset<Row> sides = comparing.now(rows, true);
    if (source.misfits().isPresent()) {
      sides = sides.union(comparing.now(withKeys(source.misfits().get()), false));
    }
    Optional<SyncEntry> before = standing.current().filter(this::hasSameKeys);
    if (before.isPresent()) {
      sides = sides.union(comparing.before(state.snapshot(before.get().number())));
    }
    Optional<Dataset<Row>> open = open();
    if (open.isPresent()) {
      sides = sides.union(comparing.open(open.get()));
    }
    return comparing.snapshot(sides);
  }

  private boolean hasSameKeys(SyncEntry earlier) {
    return fingerprint.hasKeysOf(earlier.fingerprint());
  }

  /** Distinguishes what this attempt is the first to send. */
  private long origin() {
    String text = order.run().job() + "\0" + order.run().runId() + "\0" + number();
    return RowDigest.number(text.getBytes(StandardCharsets.UTF_8));
  }

  private Dataset<Row> withKeys(Dataset<Row> rows) {
    Column known = functions.lit(true);
    for (io.penstock.common.schema.Column key : columns.keys()) {
      known = known.and(StateColumns.named(key.name()).isNotNull());
    }
    return rows.filter(known);
  }

  /**
   * Keys that are read again whatever the cursor says are among the rows. They are found in one
   * read with the others: of two, one could be before a row's cursor moved and one after it.
   */
  private Dataset<Row> considered(Source source) {
    Optional<Column> isToBeRead = isToBeRead();
    Optional<Dataset<Row>> open = isToBeRead.isEmpty() ? Optional.empty() : open();
    if (open.isEmpty()) {
      return source.rows();
    }
    Dataset<Row> all = source.all();
    Dataset<Row> marked = all.withColumn(IS_TO_BE_READ, isToBeRead.get());
    Dataset<Row> keys =
        open.get()
            .select(StateColumns.with(columns.stateKeys(), functions.lit(true).as(IS_OPEN)))
            .distinct();
    return marked
        .join(keys, columns.sameKeys(marked, keys), "left_outer")
        .filter(col(IS_TO_BE_READ).or(col(IS_OPEN)))
        .select(mapped(marked));
  }

  /** The columns of the rows without those that were added. */
  private Column[] mapped(Dataset<Row> marked) {
    return Stream.of(mapped.schema().fieldNames())
        .map(name -> marked.col("`" + name.replace("`", "``") + "`"))
        .toArray(Column[]::new);
  }

  /** Keys that have to be sent whatever their rows are now. */
  private Optional<Dataset<Row>> open() {
    Optional<SyncEntry> pending = standing.pending().filter(this::hasSameKeys);
    if (pending.isPresent()) {
      Dataset<Row> snapshot = state.snapshot(pending.get().number());
      return Optional.of(tried(snapshot.filter(isChanged().or(isOpen()))));
    }
    Optional<SyncEntry> current = standing.current().filter(this::hasSameKeys);
    Optional<Dataset<Row>> failed =
        current
            .filter(sync -> sync.result().failed() > 0)
            .map(sync -> tried(state.failedKeys(sync.number())));
    Optional<Dataset<Row>> left =
        current
            .filter(sync -> sync.open() > 0)
            .map(sync -> tried(state.snapshot(sync.number()).filter(isOpen())));
    return Stream.of(failed, left).flatMap(Optional::stream).reduce(Dataset::union);
  }

  private Dataset<Row> tried(Dataset<Row> rows) {
    return rows.select(
        StateColumns.with(
            columns.stateKeys(), col(HASH_1), col(HASH_2), col(OPERATION), col(ORIGIN)));
  }

  private static Column isOpen() {
    return col(HELD).and(col(HASH_1).isNull());
  }

  private static Column isChanged() {
    return StateColumns.isThere().or(StateColumns.isGone());
  }

  /**
   * The rows to send: the mapped columns, {@link RowOperation#COLUMN} and {@link RowOrigin#COLUMN}.
   * To follow {@link #compare}.
   */
  public Dataset<Row> changes() {
    SyncResult result = compared().result();
    Changes changes = new Changes(mapped, columns);
    boolean allNew = result.inserted() == result.read() && result.deleted() == 0;
    return allNew && open().isEmpty()
        ? changes.allNew(done(considered), origin())
        : changes.of(
            done(considered),
            done(written),
            result.inserted() + result.updated(),
            order.config().mode());
  }

  private SyncEntry compared() {
    return done(entry);
  }

  private static <T> T done(@Nullable T part) {
    return Objects.requireNonNull(part, "compare comes first");
  }

  /** Makes known that destinations may get the changes from here on. */
  public void publishing() {
    replace(new StateDocument(standing.current(), Optional.of(compared())));
  }

  /**
   * Makes known that every destination has confirmed its delivery.
   *
   * @param failed rows that a destination did not take: the key columns of the mapped rows, and
   *     {@link RowFailure#COLUMN}
   * @return the result, with their number
   */
  public SyncResult confirm(List<Dataset<Row>> failed) {
    SyncEntry confirmed = compared().confirmed(failed.isEmpty() ? 0 : keep(failed));
    entry = confirmed;
    replace(new StateDocument(standing.current(), Optional.of(confirmed)));
    return confirmed.result();
  }

  private long keep(List<Dataset<Row>> failed) {
    List<Dataset<Row>> keys = new ArrayList<>();
    failed.forEach(
        rows ->
            keys.add(
                rows.select(
                    StateColumns.with(columns.mappedKeys(), col(RowFailure.COLUMN).as(REASON)))));
    Dataset<Row> all = keys.stream().reduce(Dataset::union).orElseThrow();
    Dataset<Row> once = all.dropDuplicates(columns.keyNames().toArray(String[]::new));
    Dataset<Row> tried = tried(done(written).filter(isChanged()));
    state.writeFailedKeys(number(), tried.join(once, columns.keyNames().toArray(String[]::new)));
    return state.failedKeys(number()).count();
  }

  /** Makes this the sync that the next one starts from. */
  public void advance() {
    advance(state, document, compared());
  }

  /**
   * Makes a sync current that its run has recorded as done and died before it could say so; does
   * nothing where another sync has begun since.
   *
   * @return the number of the sync
   */
  public static Optional<Long> complete(SyncState state, String runId) {
    Optional<String> text = state.document();
    Optional<SyncEntry> pending =
        text.flatMap(found -> Standing.parse(found, state).pending())
            .filter(entry -> entry.confirmed() && entry.runId().equals(runId));
    pending.ifPresent(entry -> advance(state, text, entry));
    return pending.map(SyncEntry::number);
  }

  private static void advance(SyncState state, Optional<String> document, SyncEntry entry) {
    state.replace(document, new StateDocument(Optional.of(entry), Optional.empty()).text());
    try {
      state.log(entry.runId(), entry.result(), Instant.now());
    } catch (RuntimeException e) {
      LOG.warn("The log at {} lacks sync {}: {}", state.place(), entry.number(), e.getMessage());
    }
    state.keepOnly(entry.number());
  }

  private void replace(StateDocument next) {
    String text = next.text();
    state.replace(document, text);
    document = Optional.of(text);
  }

  /** What a failure is that came of reading the state; empty where it came of something else. */
  public Optional<PenstockException> explain(Throwable failure) {
    boolean told =
        failure instanceof PenstockException own && own.code() != ErrorCode.SOURCE_UNREADABLE;
    return !told && state.isBehind(failure)
        ? Optional.of(
            SyncProblems.unreadable(state.place(), "a part of it is missing or damaged", failure))
        : Optional.empty();
  }

  @Override
  public void close() {
    if (kept != null) {
      kept.unpersist();
    }
    state.close();
  }
}
