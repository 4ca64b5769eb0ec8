package io.penstock.jobs.read.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.S3Access;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.jobs.redshift.ResultColumn;
import io.penstock.jobs.store.PendingObject;
import io.penstock.jobs.store.Upload;
import io.penstock.jobs.testing.WholeObjects;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests, ranges of objects, estimates, and values in other physical types than expected. */
class UnloadedValuesTest {
  private static final StoreLocation.Bucket FOLDER =
      new StoreLocation.Bucket("b", "p/r", S3Access.standard("us-east-1"));

  private static UnloadManifest manifest(String json) throws IOException {
    return UnloadManifest.parse(json.getBytes(StandardCharsets.UTF_8), FOLDER);
  }

  @Test
  void aManifestNamesFilesWithTheirRows() throws IOException {
    UnloadManifest manifest =
        manifest(
            """
            {"entries":[
              {"url":"s3://b/p/r/0000_part_00.parquet","meta":{"content_length":10,"record_count":2}},
              {"url":"s3://b/p/r/0001_part_00.parquet","meta":{"content_length":11,"record_count":3}}],
             "meta":{"content_length":21,"record_count":5}}
            """);

    assertThat(manifest.rows()).isEqualTo(5);
    assertThat(manifest.files())
        .containsExactly(
            new UnloadedFile("0000_part_00.parquet", 10, 2),
            new UnloadedFile("0001_part_00.parquet", 11, 3));
    assertThat(manifest("{\"entries\":[]}").files()).isEmpty();
  }

  @Test
  void aManifestThatCannotBeOfThisUnloadIsRefused() {
    String meta = "\"meta\":{\"content_length\":1,\"record_count\":2}";
    for (String json :
        List.of(
            "{\"entries\":[{\"url\":\"s3://b/p/other/x\"," + meta + "}]}",
            "{\"entries\":[{\"url\":\"s3://c/p/r/x\"," + meta + "}]}",
            "{\"entries\":[{\"url\":\"s3://b/p/r/x\",\"meta\":{\"content_length\":1}}]}",
            "{\"entries\":[{\"url\":\"s3://b/p/r/x\"," + meta + "}],\"meta\":{\"record_count\":9}}",
            "{}",
            "no manifest")) {
      assertThatThrownBy(() -> manifest(json)).as(json).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anEstimateIsOfTheFirstLine() {
    assertThat(
            Estimate.of(
                List.of(
                    "XN Hash Join DS_DIST_NONE  (cost=112.50..3272334142.59 rows=170771 width=84)",
                    "  ->  XN Seq Scan on a  (cost=0.00..1 rows=5 width=1)")))
        .contains(new Estimate(170_771, 84));
    assertThat(Estimate.of(List.of("none"))).isEmpty();
    assertThat(new Estimate(999_999_999_999_999_999L, 999_999_999).bytes())
        .isEqualTo(Long.MAX_VALUE);
  }

  /** A store of one object, which counts what it is asked for. */
  private static final class OneObject extends WholeObjects {
    private final byte[] content;
    private int requests;

    OneObject(byte[] content) {
      this.content = content;
    }

    @Override
    public byte[] read(String key, long from, int length) {
      requests++;
      return Arrays.copyOfRange(content, (int) from, (int) Math.min(content.length, from + length));
    }

    @Override
    public Optional<byte[]> read(String key) {
      return Optional.of(content);
    }

    @Override
    public String address(String key) {
      return key;
    }

    @Override
    public Upload begin(String key) {
      throw onlyRead();
    }

    @Override
    public void publish(PendingObject pending) {
      throw onlyRead();
    }

    @Override
    public void discard(PendingObject pending) {
      throw onlyRead();
    }

    @Override
    public void discardOpen(Predicate<String> keys) {
      throw onlyRead();
    }

    @Override
    public void put(String key, byte[] written) {
      throw onlyRead();
    }

    @Override
    public boolean putIfAbsent(String key, byte[] written) {
      throw onlyRead();
    }

    @Override
    public List<StoredObject> list(String prefix) {
      throw onlyRead();
    }

    @Override
    public void delete(Collection<String> keys) {
      throw onlyRead();
    }

    private static AssertionError onlyRead() {
      return new AssertionError("the object is only read");
    }

    @Override
    public void close() {}
  }

  @Test
  void readsWhereverItIsTold() throws IOException {
    byte[] content = new byte[1 << 20];
    new Random(7).nextBytes(content);
    RangedInput input = new RangedInput(new OneObject(content), "k", content.length);
    Random random = new Random(8);
    for (int i = 0; i < 300; i++) {
      int from = random.nextInt(content.length);
      int length = 1 + random.nextInt(i % 5 == 0 ? content.length : 1000);
      byte[] read = new byte[Math.min(length, content.length - from)];
      input.seek(from);
      for (int at = 0; at < read.length; ) {
        at += input.read(read, at, read.length - at);
      }
      assertThat(read).isEqualTo(Arrays.copyOfRange(content, from, from + read.length));
    }
    input.seek(content.length);
    assertThat(input.read()).isEqualTo(-1);
    assertThatThrownBy(() -> input.seek(content.length + 1)).isInstanceOf(EOFException.class);
  }

  /** The footer of a Parquet file is read from its end backwards, in small steps. */
  @Test
  void theEndOfAnObjectComesAtOnce() throws IOException {
    OneObject object = new OneObject(new byte[1 << 20]);
    RangedInput input = new RangedInput(object, "k", 1 << 20);
    for (int from : new int[] {(1 << 20) - 8, (1 << 20) - 4000, (1 << 20) - 100_000}) {
      input.seek(from);
      assertThat(input.read()).isZero();
    }
    assertThat(object.requests).isEqualTo(1);
  }

  @Test
  void anObjectThatIsShorterThanItShouldBeIsNoEnd() {
    RangedInput input = new RangedInput(new OneObject(new byte[10]), "k", 20);
    assertThatThrownBy(input::read).isInstanceOf(EOFException.class);
  }

  private static ColumnVector converted(
      OnHeapColumnVector vector, DataType found, RedshiftType to) {
    return ConvertedVector.of(vector, found, to).orElseThrow();
  }

  @Test
  void wholeNumbersOfAnyWidthAreTakenWhereTheyFit() {
    OnHeapColumnVector longs = new OnHeapColumnVector(2, DataTypes.LongType);
    longs.putLong(0, -32_768);
    longs.putLong(1, 32_768);
    ColumnVector small = converted(longs, DataTypes.LongType, RedshiftType.of(Kind.SMALLINT));
    ColumnVector decimal = converted(longs, DataTypes.LongType, RedshiftType.decimal(7, 2));

    assertThat(small.getShort(0)).isEqualTo(Short.MIN_VALUE);
    assertThatThrownBy(() -> small.getShort(1)).isInstanceOf(ArithmeticException.class);
    assertThat(converted(longs, DataTypes.LongType, RedshiftType.of(Kind.INTEGER)).getInt(1))
        .isEqualTo(32_768);
    assertThat(decimal.getDecimal(0, 7, 2).toJavaBigDecimal())
        .isEqualTo(new BigDecimal("-32768.00"));
  }

  @Test
  void decimalsKeepTheirValueOrAreRefused() {
    DataType found = DataTypes.createDecimalType(18, 4);
    OnHeapColumnVector decimals = new OnHeapColumnVector(2, (DecimalType) found);
    decimals.putDecimal(0, Decimal.apply(new BigDecimal("12.3400"), 18, 4), 18);
    decimals.putDecimal(1, Decimal.apply(new BigDecimal("12.3456"), 18, 4), 18);
    ColumnVector cents = converted(decimals, found, RedshiftType.decimal(9, 2));

    assertThat(cents.getDecimal(0, 9, 2).toJavaBigDecimal()).isEqualTo(new BigDecimal("12.34"));
    assertThatThrownBy(() -> cents.getDecimal(1, 9, 2)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void jsonsOwnNullIsNull() {
    OnHeapColumnVector texts = new OnHeapColumnVector(2, DataTypes.StringType);
    texts.putByteArray(0, "null".getBytes(StandardCharsets.US_ASCII));
    texts.putByteArray(1, "{\"a\":null}".getBytes(StandardCharsets.US_ASCII));
    ColumnVector json = converted(texts, DataTypes.StringType, RedshiftType.of(Kind.SUPER));

    assertThat(json.hasNull()).isTrue();
    assertThat(json.isNullAt(0)).isTrue();
    assertThat(json.isNullAt(1)).isFalse();
    assertThat(json.getUTF8String(1)).hasToString("{\"a\":null}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"geometry", "geography", "hllsketch", "intervaly2m", "_int4"})
  void typesThatSparkDoesNotHaveAreRefusedByName(String type) {
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class,
            () -> SourceTypes.columns("shapes", List.of(new ResultColumn("g", type, 0, 0))));

    assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(refused.reason()).isEqualTo("column g is of type " + type);
  }

  @Test
  void columnsOfOneNameAreRefused() {
    List<ResultColumn> twice =
        List.of(new ResultColumn("id", "int4", 0, 0), new ResultColumn("ID", "int8", 0, 0));

    assertThatThrownBy(() -> SourceTypes.columns("joined", twice))
        .hasMessageContaining("two columns ID");
  }

  @Test
  void daysOfTimestampsAndBytesOfDigits() {
    OnHeapColumnVector micros = new OnHeapColumnVector(1, DataTypes.TimestampType);
    micros.putLong(0, -1);
    OnHeapColumnVector texts = new OnHeapColumnVector(1, DataTypes.StringType);
    texts.putByteArray(0, "00fF".getBytes(StandardCharsets.US_ASCII));

    assertThat(converted(micros, DataTypes.TimestampType, RedshiftType.of(Kind.DATE)).getInt(0))
        .isEqualTo(-1);
    assertThat(converted(texts, DataTypes.StringType, RedshiftType.of(Kind.VARBYTE)).getBinary(0))
        .containsExactly(0, -1);
    assertThat(ConvertedVector.of(micros, DataTypes.TimestampType, RedshiftType.of(Kind.TIMESTAMP)))
        .containsSame(micros);
    assertThat(ConvertedVector.of(texts, DataTypes.StringType, RedshiftType.of(Kind.BIGINT)))
        .isEmpty();
    assertThat(ConvertedVector.of(micros, DataTypes.DoubleType, RedshiftType.decimal(9, 2)))
        .isEmpty();
  }
}
