package io.penstock.sandbox.redshift.copy;

import static io.penstock.sandbox.testing.CopyServers.AUTHORIZATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.sandbox.testing.CopyServers;
import io.penstock.sandbox.testing.JdbcBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CopyCsvIT {
  private static CopyServers servers;

  @BeforeAll
  static void start() throws Exception {
    servers = CopyServers.start();
  }

  @AfterAll
  static void stop() throws Exception {
    servers.close();
  }

  @Test
  void gzipFilesOfAManifestAreLoaded() throws Exception {
    servers.put("m/a.csv.gz", gzip("1,\"x, \"\"y\"\"\nz\",2024-02-29\n"));
    servers.put("m/b.csv.gz", gzip("2,,\n3,\u00e9\u20ac\ud83d\ude00,\n"));
    servers.put(
        "m/manifest",
        """
        {"entries":[{"url":"s3://penstock/m/a.csv.gz","mandatory":true,"meta":{"content_length":1}},
        {"url":"s3://penstock/m/b.csv.gz","mandatory":true},
        {"url":"s3://penstock/m/missing.csv.gz","mandatory":false}]}"""
            .getBytes(StandardCharsets.UTF_8));
    try (JdbcBackend client = servers.connect()) {
      client.execute("CREATE TEMP TABLE t (id integer, name varchar(20), d date)");
      String tag =
          servers
              .copyUnload()
              .execute(
                  "COPY t FROM 's3://penstock/m/manifest' FORMAT AS CSV GZIP MANIFEST"
                      + AUTHORIZATION,
                  client);
      assertThat(tag).isEqualTo("COPY");
      List<List<@Nullable String>> rows = client.query("SELECT * FROM t ORDER BY id");
      assertThat(rows)
          .containsExactly(
              java.util.Arrays.asList("1", "x, \"y\"\nz", "2024-02-29"),
              java.util.Arrays.asList("2", "", null),
              java.util.Arrays.asList("3", "\u00e9\u20ac\ud83d\ude00", null));
      assertThat(client.query("SELECT current_setting('penstock.last_copy_count')"))
          .containsExactly(List.of("3"));
      assertThat(client.notices())
          .containsExactly("Load into table 't' completed, 3 record(s) loaded successfully.");
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
