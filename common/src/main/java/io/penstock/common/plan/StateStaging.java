package io.penstock.common.plan;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.FileCount;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.StateSchema;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.names.FileName;
import io.penstock.common.schema.TableName;
import io.penstock.common.text.TextDialect;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The files between Spark and a table of a sync's state, below the staging of the source: {@code
 * <prefix>/<job>/sync-<digest>/<table>/}. The digest is that of the database and the schema, whose
 * lock keeps two syncs of a job apart.
 */
public final class StateStaging {
  private static final String DESTINATION = "sync.state";

  private StateStaging() {}

  /** What the files of all tables of the state lie in; empty where the source has no staging. */
  public static Optional<StoreLocation.Bucket> folder(StateSchema home) {
    String name =
        home.redshift().connection().endpoint()
            + "\0"
            + home.redshift().connection().database()
            + "\0"
            + home.schema();
    String folder = home.job() + "/sync-" + digest(name);
    return home.redshift().staging().map(staging -> below(staging.location(), folder));
  }

  private static StoreLocation.Bucket below(StoreLocation.Bucket location, String prefix) {
    String joined = location.prefix().isEmpty() ? prefix : location.prefix() + "/" + prefix;
    return new StoreLocation.Bucket(location.bucket(), joined, location.access());
  }

  /** The files of one table. */
  public static DeliveryPlan plan(StoreLocation.Bucket folder, TableName table) {
    return new DeliveryPlan(
        DESTINATION,
        below(folder, table.name()),
        new FileName("part_", ".csv.gz", true),
        new OutputFormat.Text("csv", dialect()),
        Packing.plain(new FileCount.ForCopy(1), Encoding.GZIP),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        WriteMode.OVERWRITE,
        Optional.empty(),
        Optional.of("manifest"));
  }

  /** COPY takes its null text for NULL even between quotes, so nobody knows it before. */
  private static TextDialect dialect() {
    return new TextDialect(
        ',',
        false,
        '"',
        null,
        TextDialect.QuoteMode.MINIMAL,
        TextDialect.LineEnding.LF,
        "@NULL" + UUID.randomUUID().toString().replace("-", "").substring(0, 24) + "@",
        null,
        null,
        "UTF-8",
        false,
        false,
        false);
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
