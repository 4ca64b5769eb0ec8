package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.OutputFormat.Codec;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.DeliveredFile;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.aws.S3Clients;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import io.penstock.jobs.store.ObjectStores;
import io.penstock.jobs.store.Upload;
import io.penstock.jobs.testing.Checksums;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.util.QueryExecutionListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class S3DeliveryIT {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();

  private StoreLocation.Bucket location = SANDBOX.location("unset");
  private ObjectStore store = ObjectStores.open(location);

  @BeforeEach
  void aPrefixForEachTest(TestInfo test) {
    location = SANDBOX.location("s3/" + test.getTestMethod().orElseThrow().getName());
    store = ObjectStores.open(location);
  }

  private static DestinationResult deliver(Dataset<Row> rows, Plans plans) {
    try (StagedDelivery staged = engine().stage(rows, plans.plan())) {
      DestinationResult result = staged.publish();
      staged.finish();
      return result;
    }
  }

  private static DeliveryEngine engine() {
    return new DeliveryEngine(
        SPARK,
        secret ->
            secret instanceof Secret.Literal literal ? literal.value() : SANDBOX.s3().secretKey());
  }

  private static Dataset<Row> numbers(long count) {
    return SPARK.range(0, count, 1, 2).selectExpr("id", "concat('name ', id) as name");
  }

  private List<String> visible() throws IOException {
    return store.list("").stream().map(StoredObject::key).toList();
  }

  private long openUploads() {
    return S3Clients.shared(location.access())
        .listMultipartUploads(list -> list.bucket(location.bucket()).prefix(location.prefix()))
        .uploads()
        .size();
  }

  @Test
  void deliversWhatItReports() throws Exception {
    DestinationResult result = deliver(numbers(1000), Plans.csv(location).gzip().withManifest());
    assertThat(result.rows()).isEqualTo(1000);
    assertThat(result.type()).isEqualTo("s3");
    assertThat(visible())
        .contains(".DONE", "rows.manifest", "rows_0000001.csv.gz")
        .hasSize(result.files().size() + 2);
    long lines = 0;
    for (DeliveredFile file : result.files()) {
      assertThat(file.key()).startsWith(location.prefix() + "/rows_");
      byte[] bytes = store.read(file.key().substring(location.prefix().length() + 1)).orElseThrow();
      assertThat(file.bytes()).isEqualTo(bytes.length);
      assertThat(file.crc32()).isEqualTo(Checksums.crc32(bytes));
      try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        lines += new String(content.readAllBytes(), StandardCharsets.UTF_8).lines().count() - 1;
      }
    }
    assertThat(lines).isEqualTo(1000);
    assertThat(openUploads()).isZero();
  }

  @Test
  void writesAManifestThatCopyReads() throws IOException {
    DestinationResult result =
        deliver(
            numbers(10),
            Plans.csv(location).as(new OutputFormat.Parquet(Codec.SNAPPY)).withManifest());
    assertThat(result.manifest()).contains(location.prefix() + "/rows.manifest");
    JsonNode entries =
        new ObjectMapper().readTree(store.read("rows.manifest").orElseThrow()).path("entries");
    assertThat(entries).hasSize(result.files().size());
    for (int i = 0; i < entries.size(); i++) {
      DeliveredFile file = result.files().get(i);
      assertThat(entries.get(i).path("url").asText())
          .isEqualTo("s3://" + location.bucket() + "/" + file.key());
      assertThat(entries.get(i).path("mandatory").asBoolean()).isTrue();
      assertThat(entries.get(i).path("meta").path("content_length").asLong())
          .isEqualTo(file.bytes());
    }
  }

  @Test
  void nothingIsVisibleUntilItIsPublishedAndNothingIsLeftIfItIsNot() throws IOException {
    try (StagedDelivery staged = engine().stage(numbers(1000), Plans.csv(location).plan())) {
      assertThat(staged.rows()).isEqualTo(1000);
      assertThat(visible()).isEmpty();
      assertThat(openUploads()).isPositive();
    }
    assertThat(visible()).isEmpty();
    assertThat(openUploads()).isZero();
  }

  @Test
  void discardsWhatAnInterruptedRunLeftAndNoOtherUploads() throws IOException {
    for (String key : List.of("rows_0000009.csv", "other.csv")) {
      Upload upload = store.begin(key);
      upload.write(new byte[100], 0, 100);
      upload.complete();
    }
    assertThat(openUploads()).isEqualTo(2);
    deliver(numbers(10), Plans.csv(location));
    assertThat(openUploads()).isEqualTo(1);
  }

  @Test
  void aTaskThatFailsOnceLeavesNoDuplicate() throws IOException {
    SPARK
        .udf()
        .register(
            "fail_first",
            (UDF1<Long, Long>)
                id -> {
                  if (id == 900 && TaskContext.get().attemptNumber() == 0) {
                    throw new IllegalStateException("first attempt");
                  }
                  return id;
                },
            DataTypes.LongType);
    DestinationResult result =
        deliver(numbers(1000).selectExpr("fail_first(id) as id"), Plans.csv(location));
    assertThat(result.rows()).isEqualTo(1000);
    assertThat(visible()).hasSize(result.files().size() + 1);
    assertThat(openUploads()).isZero();
  }

  @Test
  void aJobThatFailsLeavesNothing() {
    Dataset<Row> failing =
        numbers(1000).selectExpr("if(id = 999, cast(raise_error('4711') as bigint), id) as id");
    assertThatThrownBy(() -> deliver(failing, Plans.csv(location)))
        .isInstanceOf(SparkException.class);
    assertThat(openUploads()).isZero();
  }

  @Test
  void aValueThatIsRefusedIsAnErrorWithoutTheValue() {
    Dataset<Row> rows = numbers(10).selectExpr("cast(X'3437313180' as string) as name");
    assertThatThrownBy(() -> deliver(rows, Plans.csv(location)))
        .isInstanceOfSatisfying(
            PenstockException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_VALUE_REFUSED))
        .hasMessageContaining("\"name\"")
        .hasMessageNotContaining("4711")
        .hasNoCause();
    assertThat(openUploads()).isZero();
  }

  @Test
  void overwritesAndKeepsWhatIsNotItsOwn() throws IOException {
    store.put("rows_0000044.csv", new byte[1]);
    store.put("keep.csv", new byte[1]);
    deliver(numbers(10), Plans.csv(location));
    DestinationResult second = deliver(numbers(20).coalesce(1), Plans.csv(location));
    assertThat(second.files()).hasSize(1);
    assertThat(visible()).containsExactly(".DONE", "keep.csv", "rows_0000001.csv");
  }

  @Test
  void sendsLargeFilesInParts() throws IOException {
    Dataset<Row> wide = SPARK.range(0, 300, 1, 1).selectExpr("id", "repeat('x', 100000) as text");
    DestinationResult result = deliver(wide, Plans.csv(location));
    assertThat(result.bytes()).isGreaterThan(25L << 20);
    byte[] content = store.read("rows_0000001.csv").orElseThrow();
    assertThat(new String(content, StandardCharsets.UTF_8).lines().count()).isEqualTo(301);
  }

  @Test
  void manyPartitionsAreManyDirectories() throws IOException {
    DestinationResult result =
        deliver(numbers(2000).selectExpr("id % 200 as part", "id"), Plans.csv(location).by("part"));
    assertThat(result.rows()).isEqualTo(2000);
    assertThat(result.files()).hasSize(200);
    assertThat(openUploads()).isZero();
  }

  @Test
  void noPlanShowsTheSecretKey() throws Exception {
    AtomicReference<String> plans = new AtomicReference<>("");
    QueryExecutionListener listener =
        new QueryExecutionListener() {
          @Override
          public void onSuccess(String name, QueryExecution execution, long nanos) {
            plans.accumulateAndGet(
                execution.toString() + execution.logical().toJSON(), String::concat);
          }

          @Override
          public void onFailure(String name, QueryExecution execution, Exception failure) {}
        };
    SPARK.listenerManager().register(listener);
    try {
      deliver(numbers(10), Plans.csv(location));
      SPARK.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      SPARK.listenerManager().unregister(listener);
    }
    assertThat(plans.get()).contains("AppendData").doesNotContain(SANDBOX.s3().secretKey());
  }

  @Test
  void aWrongKeyIsAnErrorThatShowsNoSecret() {
    String wrong = "wrong-secret-key-0123456789";
    S3Access access = SANDBOX.access(new Secret.Literal(wrong));
    Plans plans = Plans.csv(new StoreLocation.Bucket(location.bucket(), "wrong", access));
    assertThatThrownBy(() -> deliver(numbers(1), plans))
        .isInstanceOfSatisfying(
            PenstockException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_FAILED))
        .hasMessageNotContaining(wrong);
  }
}
