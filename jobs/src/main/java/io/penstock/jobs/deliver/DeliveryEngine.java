package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.FileCount;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.Packing;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.deliver.pgp.PgpEncryption;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import io.penstock.jobs.store.ObjectStores;
import io.penstock.jobs.store.PendingObject;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.AppendData;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;

/**
 * Delivers rows as files, in one Spark job and one pass over them. Nothing is visible before {@link
 * StagedDelivery#publish}.
 */
public final class DeliveryEngine {
  private final SparkSession spark;
  private final SecretResolver secrets;

  public DeliveryEngine(SparkSession spark, SecretResolver secrets) {
    this.spark = spark;
    this.secrets = secrets;
  }

  /**
   * Writes the rows to where they will become visible.
   *
   * @throws io.penstock.common.error.PenstockException {@code DELIVERY_TARGET_EXISTS} before
   *     anything is read; {@code DELIVERY_KEY_REFUSED}, {@code DELIVERY_VALUE_REFUSED}, {@code
   *     DELIVERY_FAILED}, or what a task threw, with nothing left behind
   */
  public StagedDelivery stage(Dataset<Row> rows, DeliveryPlan plan) {
    FileLayout layout = FileLayout.of(rows.schema(), plan, spark);
    DeliverableTypes.check(layout.schema().fileType(), plan.format());
    FileRows arranged = FileRows.of(rows, layout, plan);
    StoreLocation location = ObjectStores.resolved(plan.location(), secrets);
    WriterSettings settings =
        new WriterSettings(
            plan.destination(),
            location,
            layout.keys(),
            plan.format(),
            plan.packing(),
            encryption(plan, secrets).orElse(null),
            arranged.schema(),
            arranged.partitions(),
            plan.grouping().isPresent(),
            null);
    ObjectStore store = ObjectStores.open(location);
    try {
      boolean joined = canJoin(rows, plan);
      return stage(sized(rows, arranged, joined, plan), joined, plan, settings, store);
    } catch (Exception e) {
      store.close();
      throw e;
    }
  }

  /**
   * What a delivery is encrypted with, from keys that are resolved and examined; empty where it is
   * not.
   *
   * @throws io.penstock.common.error.PenstockException {@code PGP_KEY_REFUSED}, {@code
   *     SECRET_UNRESOLVED}
   */
  public static Optional<PgpEncryption> encryption(DeliveryPlan plan, SecretResolver secrets) {
    return plan.pgp().map(pgp -> PgpEncryption.of(pgp, secrets, plan.packing().time()));
  }

  /**
   * Refuses rows that a delivery would refuse for their columns alone; touches nothing.
   *
   * @throws io.penstock.common.error.PenstockException {@code CONFIG_INVALID_VALUE} for {@code
   *     partition-by}, {@code DELIVERY_VALUE_REFUSED} for a type or a name
   */
  public static void requireDeliverable(StructType rows, DeliveryPlan plan, SparkSession spark) {
    FileLayout layout = FileLayout.of(rows, plan, spark);
    DeliverableTypes.check(layout.schema().fileType(), plan.format());
  }

  /**
   * Does again what {@link StagedDelivery#finish} does, for a delivery that an earlier attempt of
   * the same run published and recorded.
   *
   * @throws io.penstock.common.error.PenstockException {@code DELIVERY_FAILED}
   */
  public static void completeFinish(DeliveryPlan plan, SecretResolver secrets) {
    try (ObjectStore store = ObjectStores.open(ObjectStores.resolved(plan.location(), secrets))) {
      DeliveryKeys keys = DeliveryKeys.of(plan, plan.partitionBy());
      List<String> files =
          keys.groupDirectory().isEmpty()
              ? List.of()
              : store.list(keys.commonPrefix()).stream()
                  .map(StoredObject::key)
                  .filter(keys::matches)
                  .toList();
      for (String key : DoneFiles.of(plan, keys).of(files)) {
        store.putIfAbsent(key, DoneFiles.CONTENT);
      }
    } catch (IOException e) {
      throw DeliveryErrors.failed("write the done file", plan.destination(), e);
    }
  }

  private Dataset<Row> sized(
      Dataset<Row> rows, FileRows arranged, boolean joined, DeliveryPlan plan) {
    boolean one = plan.packing().entries() != null;
    if (!arranged.partitions().isEmpty() && !one) {
      return arranged.rows();
    }
    int parallelism = spark.sparkContext().defaultParallelism();
    if (joined) {
      return FileSizing.joined(rows, arranged.rows(), parallelism);
    }
    boolean single =
        one || plan.packing().files() instanceof FileCount.Single || !plan.fileName().numbered();
    FileCount count = single ? new FileCount.Single() : plan.packing().files();
    return FileSizing.sized(rows, arranged.rows(), count, parallelism);
  }

  /**
   * Whether several tasks can write one file together: where its bytes are records one after the
   * other, none of which depends on how many are before it.
   */
  private static boolean canJoin(Dataset<Row> rows, DeliveryPlan plan) {
    Packing packing = plan.packing();
    return packing.files() instanceof FileCount.Single
        && Encoders.canJoin(plan.format())
        && (packing.encoding() == Encoding.NONE || packing.encoding() == Encoding.GZIP)
        && packing.rowNumberColumn() == null
        && plan.pgp().isEmpty()
        && plan.grouping().isEmpty()
        && plan.partitionBy().isEmpty()
        && !FileSizing.isOrdered(rows);
  }

  private StagedDelivery stage(
      Dataset<Row> rows,
      boolean joined,
      DeliveryPlan plan,
      WriterSettings settings,
      ObjectStore store) {
    prepare(plan, settings.keys(), store);
    List<StagedFile> files =
        joined ? writeJoined(rows, plan, settings, store) : write(rows, plan, settings, store);
    FileDelivery delivery = new FileDelivery(plan, settings.keys(), store, files);
    try {
      refuseSharedKeys(files);
      refuseReplacing(plan, settings.keys(), store, files);
      return delivery;
    } catch (Exception e) {
      delivery.close();
      throw e;
    }
  }

  private static void prepare(DeliveryPlan plan, DeliveryKeys keys, ObjectStore store) {
    try {
      if (plan.mode() == WriteMode.FAIL_IF_EXISTS) {
        Optional<String> existing = existing(plan, keys, store);
        if (existing.isPresent()) {
          throw DeliveryErrors.targetExists(existing.get(), "fail-if-exists");
        }
      }
      store.discardOpen(keys::matches);
    } catch (IOException e) {
      throw DeliveryErrors.failed("look at the target", plan.destination(), e);
    }
  }

  private static Optional<String> existing(DeliveryPlan plan, DeliveryKeys keys, ObjectStore store)
      throws IOException {
    for (StoredObject object : store.list(keys.commonPrefix())) {
      if (keys.matches(object.key())) {
        return Optional.of(store.address(object.key()));
      }
    }
    for (String done : DoneFiles.of(plan, keys).earlier(store)) {
      if (store.read(done).isPresent()) {
        return Optional.of(store.address(done));
      }
    }
    return Optional.empty();
  }

  private List<StagedFile> write(
      Dataset<Row> rows, DeliveryPlan plan, WriterSettings settings, ObjectStore store) {
    try {
      DeliveryWrite write = new DeliveryWrite(settings, store);
      run(rows, plan, settings, write);
      boolean header =
          write.files().isEmpty() && (settings.partitions().isEmpty() || settings.makesArchive());
      return header ? List.of(emptyFile(settings, store)) : write.files();
    } catch (IOException e) {
      throw DeliveryErrors.failed("write files", plan.destination(), e);
    }
  }

  private List<StagedFile> writeJoined(
      Dataset<Row> rows, DeliveryPlan plan, WriterSettings settings, ObjectStore store) {
    String key = settings.keys().key(Place.ONLY, 1);
    try {
      JoinedObject object = new JoinedObject(key, store.beginJoined(key));
      WriterSettings joining = settings.joining(object);
      DeliveryWrite write = new DeliveryWrite(joining, store);
      try {
        run(rows, plan, joining, write);
        if (!write.pieces().isEmpty()) {
          return List.of(JoinedFile.join(store, joining, write.pieces(), write.tasks()));
        }
      } catch (Exception e) {
        abandon(object, write, store, e);
        throw e;
      }
      store.discard(new PendingObject(key, object.handle(), List.of(), 0, 0));
      return List.of(emptyFile(settings, store));
    } catch (IOException e) {
      throw DeliveryErrors.failed("write files", plan.destination(), e);
    }
  }

  private static void abandon(
      JoinedObject object, DeliveryWrite write, ObjectStore store, Exception failure) {
    try {
      for (FilePiece piece : write.pieces()) {
        store.discard(piece.piece());
      }
      store.discard(new PendingObject(object.key(), object.handle(), List.of(), 0, 0));
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void run(
      Dataset<Row> rows, DeliveryPlan plan, WriterSettings settings, DeliveryWrite write) {
    try {
      DeliveryTable table = new DeliveryTable(plan.destination(), rows.schema(), write);
      DataSourceV2Relation relation =
          DataSourceV2Relation.create(
              table, Option.empty(), Option.empty(), CaseInsensitiveStringMap.empty());
      AppendData append =
          AppendData.byPosition(relation, rows.logicalPlan(), AppendData.byPosition$default$3());
      spark.sessionState().executePlan(append, CommandExecutionMode.ALL()).assertCommandExecuted();
    } catch (Exception e) {
      throw DeliveryErrors.own(e).orElseThrow(() -> DeliveryEngine.<RuntimeException>unchanged(e));
    }
  }

  /**
   * What the query or Spark failed with is for the caller to explain. Spark, being Scala, throws
   * checked exceptions that its Java interface does not declare.
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Exception> E unchanged(Exception failure) throws E {
    throw (E) failure;
  }

  /** With partition directories or groups, no rows make no directory and so no file. */
  private static StagedFile emptyFile(WriterSettings settings, ObjectStore store)
      throws IOException {
    FileHome home = DeliveryWriterFactory.home(settings, store);
    try {
      try (FilePipeline file = home.begin(Place.ONLY, 1)) {
        file.finish();
        home.end(file);
      }
      return home.complete().files().get(0);
    } catch (IOException | RuntimeException e) {
      home.abandon();
      throw e;
    }
  }

  /** Numbered names that are appended differ by run; others may be those of another run. */
  private static void refuseReplacing(
      DeliveryPlan plan, DeliveryKeys keys, ObjectStore store, List<StagedFile> files) {
    if (plan.mode() != WriteMode.APPEND || plan.fileName().numbered()) {
      return;
    }
    Set<String> planned = new HashSet<>();
    files.forEach(file -> planned.add(file.object().key()));
    try {
      for (StoredObject object : store.list(keys.commonPrefix())) {
        if (planned.contains(object.key())) {
          throw DeliveryErrors.targetExists(store.address(object.key()), "append");
        }
      }
    } catch (IOException e) {
      throw DeliveryErrors.failed("look at the target", plan.destination(), e);
    }
  }

  private static void refuseSharedKeys(List<StagedFile> files) {
    Set<String> seen = new HashSet<>();
    for (StagedFile file : files) {
      if (!seen.add(file.object().key())) {
        throw DeliveryErrors.keyRefused(
            "several files would have the key " + file.object().key(),
            "file-name has no {{file_number}}",
            "put {{file_number}} into file-name");
      }
    }
  }
}
