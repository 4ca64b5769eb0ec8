package io.penstock.jobs.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.schema.JsonText;
import io.penstock.sandbox.events.EventFault;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random rows of every type, through a receiver that fails now and then, against a model. */
class EventTypesIT {
  private static final int ROWS = 600;
  private static final String CHARACTERS = "aä漢😀\"\\\n\t\u0001\u007f {}[]:,'é";
  private static final StructType NESTED =
      new StructType().add("a", DataTypes.IntegerType).add("b c", DataTypes.StringType);
  private static final StructType SCHEMA =
      new StructType()
          .add("n", DataTypes.IntegerType)
          .add("user_id", DataTypes.LongType)
          .add("anon", DataTypes.StringType)
          .add("mail", DataTypes.StringType)
          .add("operation", DataTypes.StringType)
          .add("small", DataTypes.ShortType)
          .add("large", DataTypes.LongType)
          .add("wide", DataTypes.createDecimalType(38, 10))
          .add("narrow", DataTypes.createDecimalType(9, 3))
          .add("real", DataTypes.FloatType)
          .add("double", DataTypes.DoubleType)
          .add("flag", DataTypes.BooleanType)
          .add("text", DataTypes.StringType)
          .add("day", DataTypes.DateType)
          .add("instant", DataTypes.TimestampType)
          .add("local", DataTypes.TimestampNTZType)
          .add("bytes", DataTypes.BinaryType)
          .add("doc", DataTypes.StringType)
          .add("nested", NESTED)
          .add("list", DataTypes.createArrayType(DataTypes.createDecimalType(5, 2)))
          .add("map", DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType));
  private static final List<String> TRAITS = List.of(SCHEMA.fieldNames()).subList(5, SCHEMA.size());

  @TempDir private Path folder = Path.of("");

  /** A row, and what it should be as JSON, by column. */
  private record Example(List<@Nullable Object> values, Map<String, JsonNode> json) {
    @Nullable Object value(String column) {
      return values.get(SCHEMA.fieldIndex(column));
    }
  }

  @Test
  void everyTypeArrivesAsItIsAndInOrder() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < ROWS; n++) {
      examples.add(example(n, random));
    }
    try (EventsScene scene = new EventsScene(folder)) {
      for (int at = 0; at < 4; at++) {
        scene.receiver().fail(new EventFault(500 * (at % 2), null, EventFault.Kept.HALF, 2, 1));
      }
      try (EventsDelivery delivery = scene.engine().stage(rows(examples), plan(scene))) {
        assertThat(delivery.rows()).isEqualTo(ROWS);
        delivery.publish();
        compare(seed, examples, scene.received(), failed(delivery));
      }
    }
  }

  private static EventsPlan plan(EventsScene scene) {
    StringBuilder traits = new StringBuilder("\"n\" = n\n");
    TRAITS.forEach(
        column ->
            traits.append("\"value.").append(column).append("\" = ").append(column).append("\n"));
    return scene
        .plan(
            "r1",
            "identity { user-id = user_id, anonymous-id = anon, email = mail }\ntraits {\n"
                + traits
                + "}\nconstants { \"source\" = warehouse, \"ver.no\" = 1.50, \"näme \\\"q\\\"\" = [a, 1, true] }\n"
                + "batch { rows = 37, kilobytes = 9 }\nretries = 3\n")
        .ofSync(List.of("n", "mail"));
  }

  private static Dataset<Row> rows(List<Example> examples) {
    List<Row> rows =
        examples.stream().map(each -> RowFactory.create(each.values().toArray())).toList();
    Dataset<Row> plain = EventsScene.spark().createDataFrame(rows, SCHEMA);
    // the sort makes several partitions of them, and keeps the optimizer from folding them away
    Column[] columns =
        Arrays.stream(SCHEMA.fieldNames())
            .map(
                name ->
                    name.equals("doc")
                        ? plain
                            .col(name)
                            .as(
                                name,
                                new MetadataBuilder().putBoolean(JsonText.METADATA, true).build())
                        : plain.col(name))
            .toArray(Column[]::new);
    return plain.select(columns).orderBy("n");
  }

  private static Map<Integer, String> failed(EventsDelivery delivery) {
    Map<Integer, String> failed = new HashMap<>();
    Dataset<Row> rows = delivery.failed().rows();
    assertThat(rows.columns()).containsExactly("n", "mail", "operation", "__penstock_reason");
    for (Row row : rows.collectAsList()) {
      failed.put(row.getInt(0), row.getString(3));
    }
    assertThat(failed).hasSize((int) delivery.failed().count());
    return failed;
  }

  private static void compare(
      long seed, List<Example> examples, List<JsonNode> received, Map<Integer, String> failed) {
    Map<String, JsonNode> first = new LinkedHashMap<>();
    for (JsonNode record : received) {
      JsonNode before = first.putIfAbsent(record.path("messageId").asText(), record);
      assertThat(before == null || without(before).equals(without(record)))
          .as("a duplicate is the same record, seed " + seed)
          .isTrue();
    }
    assertThat(received.size()).as("something was sent twice").isGreaterThan(first.size());
    Map<String, Integer> last = new HashMap<>();
    Set<Integer> seen = new HashSet<>();
    for (JsonNode record : first.values()) {
      int n = record.at("/traits/n").asInt();
      assertThat(seen.add(n)).as("row " + n + " has one id, seed " + seed).isTrue();
      Example example = examples.get(n);
      assertThat(without(record)).as("row " + n + ", seed " + seed).isEqualTo(expected(example));
      String user = record.path("userId").asText(record.path("anonymousId").asText());
      Integer before = last.put(user, n);
      assertThat(before == null || before < n).as("order of " + user + ", seed " + seed).isTrue();
    }
    for (Example example : examples) {
      int n = (Integer) example.values().get(0);
      boolean known =
          user(example) != null || text(example, "anon") != null || text(example, "mail") != null;
      assertThat(seen.contains(n)).as("row " + n + ", seed " + seed).isEqualTo(known);
      assertThat(failed.containsKey(n)).isEqualTo(!known);
    }
    assertThat(Set.copyOf(failed.values()))
        .containsExactly("nothing that identifies it: NULL or empty");
  }

  private static JsonNode without(JsonNode record) {
    ObjectNode copy = record.deepCopy();
    assertThat(Instant.parse(copy.remove("sentAt").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(copy.remove("messageId").asText()).hasSize(36);
    if (!copy.has("userId")
        && copy.at("/context/traits/email").isTextual()
        && copy.path("anonymousId").asText().length() == 36) {
      copy.put("anonymousId", "of the address");
    }
    return copy;
  }

  private static JsonNode expected(Example example) {
    ObjectNode record = EventsScene.JSON.createObjectNode();
    record.put("type", "identify").put("channel", "server");
    String user = user(example);
    String anonymous = text(example, "anon");
    String mail = text(example, "mail");
    if (user != null) {
      record.put("userId", user);
    }
    if (anonymous != null) {
      record.put("anonymousId", anonymous);
    } else if (user == null) {
      record.put("anonymousId", "of the address");
    }
    record.put("timestamp", "2026-11-01T10:20:30.123Z");
    record.put("originalTimestamp", "2026-11-01T10:20:30.123Z");
    ObjectNode context = record.putObject("context");
    context.putObject("library").put("name", "penstock");
    if (mail != null) {
      context.putObject("traits").put("email", mail);
    }
    ObjectNode traits = record.putObject("traits");
    traits.set("n", example.json().get("n"));
    traits.set("email", example.json().get("mail"));
    ObjectNode value = traits.putObject("value");
    TRAITS.forEach(column -> value.set(column, example.json().get(column)));
    traits.put("source", "warehouse");
    traits.putObject("ver").put("no", new BigDecimal("1.50"));
    traits.putArray("näme \"q\"").add("a").add(1).add(true);
    return record;
  }

  private static @Nullable String user(Example example) {
    Object user = example.value("user_id");
    return user == null ? null : user.toString();
  }

  private static @Nullable String text(Example example, String column) {
    String text = (String) example.value(column);
    return text == null || text.isBlank() ? null : text;
  }

  /** The JSON of a value is made here from its Java form, by Jackson. */
  private static Example example(int n, Random random) throws Exception {
    List<@Nullable Object> values = new ArrayList<>();
    Map<String, JsonNode> json = new HashMap<>();
    for (String column : SCHEMA.fieldNames()) {
      boolean always = column.equals("n") || column.equals("operation");
      @Nullable Object value = !always && random.nextInt(4) == 0 ? null : value(column, n, random);
      values.add(value);
      json.put(column, value == null ? EventsScene.JSON.nullNode() : json(value, column));
    }
    return new Example(values, json);
  }

  private static Object value(String column, int n, Random random) {
    return switch (column) {
      case "n" -> n;
      case "user_id" -> (long) random.nextInt(9);
      case "anon" -> random.nextInt(3) == 0 ? "  " : "anon-" + random.nextInt(5);
      case "mail" -> "m" + random.nextInt(5) + "@example.com";
      case "operation" -> random.nextBoolean() ? "insert" : "update";
      case "small" -> (short) random.nextInt();
      case "large" -> random.nextLong();
      case "wide" -> new BigDecimal(new BigInteger(90, random), 10).negate();
      case "narrow" -> new BigDecimal(BigInteger.valueOf(random.nextInt(999_999_999)), 3);
      case "real" ->
          random.nextInt(9) == 0 ? Float.NaN : Float.intBitsToFloat(random.nextInt(0x7F00_0000));
      case "double" ->
          random.nextInt(9) == 0
              ? Double.NEGATIVE_INFINITY
              : random.nextGaussian() * Math.pow(10, random.nextInt(200) - 100);
      case "flag" -> random.nextBoolean();
      case "text" -> characters(random);
      case "day" -> LocalDate.ofEpochDay(random.nextInt(80_000) - 40_000);
      case "instant" -> Instant.ofEpochSecond(random.nextInt(), 1_000L * random.nextInt(1_000_000));
      case "local" ->
          LocalDateTime.ofEpochSecond(
              random.nextInt(), 1_000 * random.nextInt(1_000_000), ZoneOffset.UTC);
      case "bytes" -> {
        byte[] bytes = new byte[random.nextInt(6)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case "doc" ->
          "{\"a\":\n[1.0, 12345678901234567890, " + random.nextInt() + "],\r\n \"ü\":{\"b\":null}}";
      case "nested" -> RowFactory.create(random.nextInt(), characters(random));
      case "list" -> Arrays.asList(new BigDecimal("1.50"), null, new BigDecimal("-999.99"));
      default -> {
        Map<String, Double> map = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          map.put(characters(random) + i, random.nextDouble());
        }
        yield map;
      }
    };
  }

  private static String characters(Random random) {
    int[] points = CHARACTERS.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  private static JsonNode json(Object value, String column) throws Exception {
    if (column.equals("doc")) {
      return EventsScene.JSON.readTree((String) value);
    }
    if (value instanceof Float number) {
      return number.isNaN() ? text("NaN") : decimal(number.toString());
    }
    if (value instanceof Double number) {
      return number.isInfinite() ? text("-Infinity") : decimal(number.toString());
    }
    if (value instanceof BigDecimal number) {
      return decimal(number.toPlainString());
    }
    if (value instanceof Short || value instanceof Integer || value instanceof Long) {
      return EventsScene.JSON.readTree(value.toString());
    }
    if (value instanceof Boolean flag) {
      return EventsScene.JSON.getNodeFactory().booleanNode(flag);
    }
    if (value instanceof LocalDateTime local) {
      return text(local.toInstant(ZoneOffset.UTC).toString());
    }
    if (value instanceof byte[] bytes) {
      return text(HexFormat.of().formatHex(bytes));
    }
    if (value instanceof Row row) {
      ObjectNode node = EventsScene.JSON.createObjectNode();
      return node.put("a", row.getInt(0)).put("b c", row.getString(1));
    }
    if (value instanceof List<?> list) {
      var array = EventsScene.JSON.createArrayNode();
      list.forEach(each -> array.add((BigDecimal) each));
      return array;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode node = EventsScene.JSON.createObjectNode();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        node.set((String) entry.getKey(), decimal(String.valueOf(entry.getValue())));
      }
      return node;
    }
    return text(value.toString());
  }

  private static JsonNode text(String text) {
    return EventsScene.JSON.getNodeFactory().textNode(text);
  }

  private static JsonNode decimal(String text) throws Exception {
    return EventsScene.JSON.readTree(text);
  }
}
