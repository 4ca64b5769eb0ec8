package io.penstock.jobs.deliver;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.FileCount;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.names.FileName;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.Packing;
import io.penstock.common.text.TextDialect;
import io.penstock.common.text.TextDialect.LineEnding;
import io.penstock.common.text.TextDialect.QuoteMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Delivery plans to vary. */
record Plans(
    StoreLocation location,
    OutputFormat format,
    FileName fileName,
    Packing packing,
    List<String> partitionBy,
    WriteMode mode,
    boolean manifest) {

  static final TextDialect CSV = dialect(',', QuoteMode.MINIMAL, "");

  static TextDialect dialect(char delimiter, QuoteMode mode, String nullText) {
    return new TextDialect(
        delimiter,
        true,
        '"',
        null,
        mode,
        LineEnding.LF,
        nullText,
        null,
        null,
        "UTF-8",
        false,
        false,
        false);
  }

  static Plans csv(Path directory) {
    return csv(new StoreLocation.Directory(directory.toString()));
  }

  static Plans csv(StoreLocation location) {
    return new Plans(
        location,
        new OutputFormat.Text("csv", CSV),
        new FileName("rows_", ".csv", true),
        Packing.plain(Encoding.NONE),
        List.of(),
        WriteMode.OVERWRITE,
        false);
  }

  Plans as(OutputFormat other) {
    FileName name = new FileName("rows_", "." + other.extension(), true);
    return new Plans(location, other, name, packing, partitionBy, mode, manifest);
  }

  Plans named(FileName other) {
    return new Plans(location, format, other, packing, partitionBy, mode, manifest);
  }

  Plans gzip() {
    FileName name = new FileName(fileName.head(), fileName.tail() + ".gz", true);
    return new Plans(
        location, format, name, Packing.plain(Encoding.GZIP), partitionBy, mode, manifest);
  }

  Plans packed(FileCount files, Encoding encoding) {
    Packing changed = new Packing(files, encoding, null, null, Instant.EPOCH);
    return new Plans(location, format, fileName, changed, partitionBy, mode, manifest);
  }

  Plans by(String... columns) {
    return new Plans(location, format, fileName, packing, List.of(columns), mode, manifest);
  }

  Plans mode(WriteMode other) {
    return new Plans(location, format, fileName, packing, partitionBy, other, manifest);
  }

  Plans withManifest() {
    return new Plans(location, format, fileName, packing, partitionBy, mode, true);
  }

  DeliveryPlan plan() {
    return new DeliveryPlan(
        "exports",
        location,
        fileName,
        format,
        packing,
        Optional.empty(),
        Optional.empty(),
        partitionBy,
        mode,
        Optional.of(".DONE"),
        manifest ? Optional.of("rows.manifest") : Optional.empty());
  }
}
