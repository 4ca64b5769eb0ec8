package io.penstock.jobs.events;

import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.EventsDestination.Content;
import io.penstock.common.config.EventsDestination.Event;
import io.penstock.common.config.EventsDestination.Identity;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.sync.RowOperation;
import io.penstock.common.sync.RowOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Rows as records, made in the query's generated code. The columns of the result: {@link #RECORD},
 * or NULL and {@link #REFUSAL}, the reason; and {@link #KEY}, the key columns with the operation.
 */
final class EventRecords {
  static final String RECORD = "record";
  static final String REFUSAL = "refusal";
  static final String KEY = "key";
  private static final Set<String> OF_SYNC = Set.of(RowOperation.COLUMN, RowOrigin.COLUMN);
  private static final String EVENT = "event";
  private static final String USER = "user";
  private static final String LATER = "later";
  private static final String POSITION = "position";

  private final Dataset<Row> rows;
  private final EventsPlan plan;
  private final EventsDestination events;
  private final SourceColumns columns;

  EventRecords(Dataset<Row> rows, EventsPlan plan) {
    this.rows = rows;
    this.plan = plan;
    this.events = plan.destination();
    this.columns = new SourceColumns(rows, events.name());
  }

  /**
   * In the order and the partitions of the rows, complete: with the time of the run as that of
   * their sending.
   *
   * @throws io.penstock.common.error.PenstockException {@code CONFIG_INVALID_VALUE}, {@code
   *     CONFIG_CONFLICT} or {@code DELIVERY_VALUE_REFUSED} for a column
   */
  Dataset<Row> complete() {
    return made(Texts.millis(plan.run().now()), Integer.MAX_VALUE);
  }

  /**
   * As they are sent: all records of one user are in one partition, in the order of the rows,
   * deletions first, since another row may have taken the user over.
   */
  Dataset<Row> arranged(int partitions) {
    return made(null, BatchBody.mostOfRecord(events.sending().bytes()))
        .repartition(partitions, functions.col(USER))
        .sortWithinPartitions(LATER, POSITION)
        .select(RECORD, REFUSAL, KEY);
  }

  private Dataset<Row> made(@Nullable String sentAt, int mostBytes) {
    // first, since its refusals name the key of the job file that is wrong
    EventForm form = new EventForm(recipe(sentAt, mostBytes));
    Column key = key();
    Dataset<Row> made =
        rows.select(
            new Column(call(form)).as(EVENT),
            key.as(KEY),
            later().as(LATER),
            functions.monotonically_increasing_id().as(POSITION));
    return made.select(
        functions.col(EVENT + ".user").as(USER),
        functions.col(EVENT + ".record").as(RECORD),
        functions.col(EVENT + ".refusal").as(REFUSAL),
        functions.col(KEY),
        functions.col(LATER),
        functions.col(POSITION));
  }

  /**
   * Declared non-deterministic: the optimizer then makes no second copy of the call where two parts
   * of its result are wanted.
   */
  private Expression call(EventForm form) {
    List<Expression> members = new ArrayList<>();
    for (Attribute attribute : columns.used()) {
      members.add(new Literal(UTF8String.fromString(attribute.name()), DataTypes.StringType));
      members.add(attribute);
    }
    return new Invoke(
        new Literal(form, new ObjectType(EventForm.class)),
        "record",
        EventForm.MADE,
        seq(List.<Expression>of(new CreateNamedStruct(seq(members)))),
        seq(List.of()),
        false,
        false,
        false);
  }

  private static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toList();
  }

  private Column later() {
    return plan.ofSync()
        ? new Column(operation()).notEqual(RowOperation.DELETE.text())
        : functions.lit(true);
  }

  private Attribute operation() {
    return columns.attribute("sync", RowOperation.COLUMN);
  }

  private Column key() {
    List<Column> members = new ArrayList<>();
    for (String key : plan.keys()) {
      members.add(new Column(columns.attribute("keys", key)).as(key));
    }
    Column operation =
        plan.ofSync() ? new Column(operation()) : functions.lit(RowOperation.INSERT.text());
    members.add(operation.as(RowOperation.COLUMN));
    return functions.struct(members.toArray(Column[]::new));
  }

  private EventForm.Recipe recipe(@Nullable String sentAt, int mostBytes) {
    Identity identity = events.identity();
    EventForm.Identity user =
        new EventForm.Identity(
            columns.identity("user-id", identity.userId()),
            columns.identity("anonymous-id", identity.anonymousId()),
            columns.identity("email", identity.email()));
    List<Integer> ids = new ArrayList<>();
    plan.keys().forEach(key -> ids.add(columns.ordinal("keys", key)));
    int operation = EventForm.Recipe.NONE;
    if (plan.ofSync()) {
      operation = columns.ordinal("sync", RowOperation.COLUMN);
      ids.add(operation);
    }
    if (hasOrigin()) {
      ids.add(columns.ordinal("sync", RowOrigin.COLUMN));
    }
    int timestamp = columns.time(events.content().timestamp());
    TraitTree.Branch traits = traits(identity);
    return new EventForm.Recipe(
        columns.schema(),
        user,
        ids,
        operation,
        timestamp,
        events.event() instanceof Event.Track track ? track.name() : null,
        traits,
        Texts.millis(plan.run().now()),
        sentAt,
        mostBytes,
        String.join("\0", plan.run().job(), events.name(), hasOrigin() ? "" : plan.run().runId()));
  }

  /** A row that an earlier sync has tried to send keeps the id that it had then. */
  private boolean hasOrigin() {
    return plan.ofSync()
        && columns.names().stream().anyMatch(name -> isNamed(name, Optional.of(RowOrigin.COLUMN)));
  }

  private TraitTree.Branch traits(Identity identity) {
    Content content = events.content();
    TraitTree.Builder tree = new TraitTree.Builder();
    Optional<Map<String, String>> written = content.traits();
    if (written.isPresent()) {
      written
          .get()
          .forEach(
              (path, column) ->
                  tree.add(path, new TraitTree.Leaf(columns.ordinal("traits." + path, column))));
    } else {
      everyColumn(identity)
          .forEach(
              column ->
                  tree.addNamed(column, new TraitTree.Leaf(columns.ordinal("traits", column))));
    }
    content.constants().forEach((path, json) -> tree.add(path, new TraitTree.Constant(json)));
    if (events.event() instanceof Event.Identify
        && identity.email().isPresent()
        && !tree.holds("email")) {
      int email = columns.ordinal("identity.email", identity.email().get());
      tree.add("email", new TraitTree.Leaf(email));
    }
    return tree.build();
  }

  private List<String> everyColumn(Identity identity) {
    return columns.names().stream()
        .filter(name -> !isNamed(name, identity.userId()))
        .filter(name -> !isNamed(name, identity.anonymousId()))
        .filter(name -> !plan.ofSync() || !OF_SYNC.contains(Identifiers.fold(name)))
        .toList();
  }

  private static boolean isNamed(String name, Optional<String> other) {
    return other.filter(o -> Identifiers.fold(o).equals(Identifiers.fold(name))).isPresent();
  }
}
