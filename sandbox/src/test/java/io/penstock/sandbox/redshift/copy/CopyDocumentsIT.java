package io.penstock.sandbox.redshift.copy;

import static io.penstock.sandbox.testing.CopyServers.AUTHORIZATION;
import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.sandbox.redshift.SqlError;
import io.penstock.sandbox.testing.CopyServers;
import io.penstock.sandbox.testing.JdbcBackend;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyDocumentsIT {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "row", "fields": [
                {"name": "id", "type": "int"},
                {"name": "big", "type": ["null", "long"]},
                {"name": "x", "type": ["null", "double"]},
                {"name": "ok", "type": ["null", "boolean"]},
                {"name": "s", "type": ["null", "string"]},
                {"name": "d", "type": ["null", "string"]},
                {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}]},
                {"name": "ts", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
                {"name": "amount", "type": ["null", "string"]},
                {"name": "raw", "type": ["null", "bytes"]},
                {"name": "tags", "type": ["null", {"type": "map", "values": "int"}]}]}
              """);
  private static CopyServers servers;
  private JdbcBackend client;

  @BeforeAll
  static void start() throws Exception {
    servers = CopyServers.start();
  }

  @AfterAll
  static void stop() throws Exception {
    servers.close();
  }

  @BeforeEach
  void connect() throws Exception {
    client = servers.connect();
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy"})
  void avroIsMatchedByName(String codec) throws Exception {
    servers.put("avro/" + codec, avro(CodecFactory.fromString(codec)));
    client.execute(
        "CREATE TEMP TABLE t (tags jsonb, amount numeric(10,2), ts timestamp, d date,"
            + " s varchar(20), ok boolean, x double precision, big bigint, id integer, more"
            + " varchar(3))");
    copy(
        "COPY t FROM 's3://penstock/avro/"
            + codec
            + "' FORMAT AS AVRO 'auto' TIMEFORMAT 'epochmillisecs'");
    assertThat(client.query("SELECT * FROM t ORDER BY id"))
        .containsExactly(
            asList(
                "{\"a\": 1}",
                "-12.34",
                "1969-12-31 23:59:59.999",
                "2024-02-29",
                "\u00e9\"\n",
                "t",
                "NaN",
                "-9223372036854775808",
                "1",
                null),
            asList(null, null, null, null, null, null, null, null, "2", null));
  }

  @Test
  void avroLogicalTypesAreNotLookedAt() throws Exception {
    servers.put("day.avro", avro(CodecFactory.nullCodec()));
    client.execute("CREATE TEMP TABLE t (day integer)");
    copy("COPY t FROM 's3://penstock/day.avro' AVRO");
    assertThat(client.query("SELECT max(day) FROM t")).containsExactly(List.of("19782"));
    client.execute("CREATE TEMP TABLE days (day date)");
    assertThatThrownBy(() -> copy("COPY days FROM 's3://penstock/day.avro' AVRO"))
        .hasMessageStartingWith("Load into table 'days' failed.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AVRO 'auto'", "JSON 'auto'"})
  void varbyteIsNotLoadedFromDocuments(String format) throws Exception {
    servers.put("raw", avro(CodecFactory.nullCodec()));
    client.execute("CREATE TEMP TABLE t (raw bytea)");
    assertThatThrownBy(() -> copy("COPY t FROM 's3://penstock/raw' " + format))
        .hasMessageStartingWith("COPY does not load VARBYTE column 'raw'");
  }

  @Test
  void jsonKeepsNegativeZeroAndTheDefaultNullText() throws Exception {
    put("z.json", "{\"x\": -0.0, \"s\": \"\\\\N\"}");
    client.execute("CREATE TEMP TABLE t (x double precision, s varchar(9))");
    copy("COPY t FROM 's3://penstock/z.json' JSON 'auto'");
    assertThat(client.query("SELECT * FROM t")).containsExactly(asList("-0", "\\N"));
  }

  @Test
  void anotherAvroCodecIsRefused() throws Exception {
    servers.put("codec.avro", avro(CodecFactory.bzip2Codec()));
    client.execute("CREATE TEMP TABLE t (id integer)");
    assertThatThrownBy(() -> copy("COPY t FROM 's3://penstock/codec.avro' AVRO"))
        .isInstanceOf(SqlError.class)
        .hasMessageStartingWith("Unsupported AVRO codec 'bzip2'");
    servers.put("no.avro", new byte[] {1, 2, 3});
    assertThatThrownBy(() -> copy("COPY t FROM 's3://penstock/no.avro' AVRO"))
        .hasMessageStartingWith("Invalid AVRO file found");
  }

  @Test
  void jsonObjectsFollowOneAnother() throws Exception {
    put(
        "j/a.json",
        """
        {"id": 1, "name": "a\\"b\\nc", "n": 1.50, "ok": true, "v": {"x": [1]}, "other": 0}
        {"name": null, "id": 2, "v": "text"} {"id": 3,
          "name": "\u00e9", "v": 12}
        """);
    client.execute(
        "CREATE TEMP TABLE t (id integer, name varchar(9), n numeric(5,2), ok boolean, v jsonb)");
    copy("COPY t FROM 's3://penstock/j/' JSON 'auto'");
    assertThat(client.query("SELECT * FROM t ORDER BY id"))
        .containsExactly(
            asList("1", "a\"b\nc", "1.50", "t", "{\"x\": [1]}"),
            asList("2", null, null, null, "\"text\""),
            asList("3", "\u00e9", null, null, "12"));
  }

  @Test
  void namesMayIgnoreCaseOrFollowPaths() throws Exception {
    put("n.json", "{\"ID\": 7, \"Name\": {\"first\": [\"x\", \"y\"]}}");
    put("paths", "{\"jsonpaths\": [\"$.ID\", \"$['Name'].first[1]\"]}");
    client.execute("CREATE TEMP TABLE t (id integer, name varchar(40))");
    copy("COPY t FROM 's3://penstock/n.json' JSON 'auto'");
    copy("COPY t FROM 's3://penstock/n.json' JSON 'auto ignorecase'");
    copy("COPY t FROM 's3://penstock/n.json' JSON 's3://penstock/paths'");
    assertThat(client.query("SELECT * FROM t"))
        .containsExactly(
            asList(null, null), asList("7", "{\"first\":[\"x\",\"y\"]}"), asList("7", "y"));
    client.execute("CREATE TEMP TABLE v (doc jsonb)");
    copy("COPY v FROM 's3://penstock/n.json' JSON 'noshred'");
    assertThat(client.query("SELECT doc ->> 'ID' FROM v")).containsExactly(List.of("7"));
    assertThatThrownBy(() -> copy("COPY v FROM 's3://penstock/n.json' JSON 's3://penstock/paths'"))
        .hasMessage(
            "Number of jsonpaths and the number of columns should match. JSONPath size: 2, Number"
                + " of columns in table or column list: 1");
  }

  @Test
  void aBadRowIsSkippedAndBrokenJsonEndsTheLoad() throws Exception {
    put("bad.json", "{\"id\": 1}\n{\"id\": \"x\"}\n[1]\n{\"id\": 4}\n");
    client.execute("CREATE TEMP TABLE t (id integer)");
    copy("COPY t FROM 's3://penstock/bad.json' JSON 'auto' MAXERROR 5");
    assertThat(client.query("SELECT id FROM t")).containsExactly(List.of("1"), List.of("4"));
    assertThat(
            client.query(
                "SELECT line_number, err_code FROM penstock_sandbox.load_errors"
                    + " WHERE filename = 's3://penstock/bad.json' ORDER BY 1"))
        .containsExactly(List.of("2", "1207"), List.of("3", "1216"));
    put("broken.json", "{\"id\": 1}\n{\"id\": \n");
    assertThatThrownBy(() -> copy("COPY t FROM 's3://penstock/broken.json' JSON 'auto' MAXERROR 5"))
        .isInstanceOf(SqlError.class)
        .hasMessageStartingWith("Load into table 't' failed.");
    assertThat(client.query("SELECT count(*) FROM t")).containsExactly(List.of("2"));
  }

  private static byte[] avro(CodecFactory codec) throws Exception {
    GenericRecord full = new GenericData.Record(SCHEMA);
    full.put("id", 1);
    full.put("big", Long.MIN_VALUE);
    full.put("x", Double.NaN);
    full.put("ok", true);
    full.put("s", "\u00e9\"\n");
    full.put("d", "2024-02-29");
    full.put("day", 19782);
    full.put("ts", -1L);
    full.put("amount", "-12.34");
    full.put("raw", ByteBuffer.wrap(new byte[] {0, (byte) 0xff}));
    full.put("tags", Map.of("a", 1));
    GenericRecord empty = new GenericData.Record(SCHEMA);
    empty.put("id", 2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA))) {
      writer.setCodec(codec);
      writer.create(SCHEMA, bytes);
      writer.append(full);
      writer.append(empty);
    }
    return bytes.toByteArray();
  }

  private void copy(String sql) throws Exception {
    assertThat(servers.copyUnload().execute(sql + AUTHORIZATION, client)).isEqualTo("COPY");
  }

  private static void put(String key, String text) {
    servers.put(key, text.getBytes(StandardCharsets.UTF_8));
  }
}
