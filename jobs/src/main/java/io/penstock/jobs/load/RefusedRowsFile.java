package io.penstock.jobs.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStream;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.RefusedRows;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.jobs.load.LoadErrors.Refusal;
import io.penstock.jobs.load.Transport.CopyTransport;
import io.penstock.jobs.load.Transport.SetAside;
import io.penstock.jobs.store.Digests;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.PendingObject;
import io.penstock.jobs.store.Upload;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows that COPY passed over. The error tables say where they are, the staged files have
 * them whole, and they are durable below the rejects before the load's transaction can end. The
 * next attempt of the run replaces the file, or removes it where no row is refused.
 *
 * <p>A row is found by a line that it takes: Redshift counts lines of the file, and a row with line
 * breaks in its fields takes several. Unless exactly as many rows are found as COPY did not load,
 * the load is rolled back.
 */
final class RefusedRowsFile {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What the longest file name is cut off at ("STL_LOAD_ERRORS"). */
  private static final int LONGEST_NAME = 256;

  private final LoadPlan plan;
  private final RefusedRows target;
  private final List<Column> columns;
  private final ErrorTables errors;
  private final CopyTransport transport;
  private final SetAside setAside;

  RefusedRowsFile(
      LoadPlan plan,
      RefusedRows target,
      List<Column> columns,
      ErrorTables errors,
      CopyTransport transport,
      SetAside setAside) {
    this.plan = plan;
    this.target = target;
    this.columns = columns;
    this.errors = errors;
    this.transport = transport;
    this.setAside = setAside;
  }

  /** How many rows COPY may pass over. */
  long rejectable() {
    return setAside.rejectable().getAsLong();
  }

  /** Removes what an earlier attempt of the run has left. */
  void remove() {
    try {
      setAside.rejects().delete(List.of(target.key()));
    } catch (IOException e) {
      throw failed("removed", e);
    }
  }

  /**
   * Writes the rows that a COPY passed over.
   *
   * @param query the id of the COPY
   * @param refused how many there are
   * @throws PenstockException {@code RECONCILIATION_MISMATCH} where they are not found again,
   *     {@code DELIVERY_FAILED}
   */
  void write(long query, long refused) throws SQLException {
    List<Refusal> refusals = errors.refusals(query, refused);
    try (Upload upload = setAside.rejects().begin(target.key())) {
      long found = write(refusals, upload);
      if (found != refused) {
        throw notFound(refused, found);
      }
      publish(upload.complete());
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  private void publish(PendingObject complete) throws IOException {
    try {
      setAside.rejects().publish(complete);
    } catch (IOException e) {
      try {
        setAside.rejects().discard(complete);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private long write(List<Refusal> refusals, Upload upload) throws IOException {
    Map<String, NavigableMap<Long, List<Refusal>>> files = new TreeMap<>();
    for (Refusal refusal : refusals) {
      files
          .computeIfAbsent(refusal.file(), file -> new TreeMap<>())
          .computeIfAbsent(refusal.line(), line -> new ArrayList<>())
          .add(refusal);
    }
    List<String> staged =
        transport.staging().list("").stream().map(ObjectStore.StoredObject::key).toList();
    long found = 0;
    OutputStream lines = new BufferedOutputStream(upload);
    for (var file : files.entrySet()) {
      found += write(key(file.getKey(), staged), file.getValue(), lines);
    }
    lines.flush();
    return found;
  }

  /** The staged object that the error tables name, perhaps without its end. */
  private String key(String name, List<String> staged) {
    boolean cut = name.length() >= LONGEST_NAME;
    List<String> named =
        staged.stream()
            .filter(
                key -> {
                  String address = transport.staging().address(key);
                  return cut ? address.startsWith(name) : address.equals(name);
                })
            .toList();
    if (named.size() != 1) {
      throw PenstockException.of(
          ErrorCode.RECONCILIATION_MISMATCH,
          "Rows of destination " + plan.destination().name() + " cannot be set aside",
          "Redshift refused rows of " + name + ", which is not one of the staged files",
          "Shorten staging.prefix, or look for another writer below it; nothing was applied");
    }
    return named.get(0);
  }

  private long write(String key, NavigableMap<Long, List<Refusal>> wanted, OutputStream lines)
      throws IOException {
    OutputFormat format = staging().format();
    long found = 0;
    try (InputStream in = decompressed(transport.staging().open(key))) {
      RecordReader records = new RecordReader(in, format instanceof OutputFormat.Text);
      long last = wanted.lastKey();
      while (records.lastLine() < last && records.next()) {
        SortedMap<Long, List<Refusal>> own =
            wanted.subMap(records.firstLine(), true, records.lastLine(), true);
        if (!own.isEmpty()) {
          List<Refusal> refusals = own.values().stream().flatMap(List::stream).toList();
          write(StagedRow.json(records.bytes(), format, columns), refusals, lines);
          found++;
        }
      }
    }
    return found;
  }

  private InputStream decompressed(InputStream stored) throws IOException {
    InputStream buffered = new BufferedInputStream(stored);
    try {
      return switch (staging().packing().encoding()) {
        case GZIP -> new GZIPInputStream(buffered);
        case ZSTD -> new ZstdInputStream(buffered);
        case NONE, ZIP, TAR, TGZ -> buffered;
      };
    } catch (IOException e) {
      try (buffered) {
        throw e;
      }
    }
  }

  private DeliveryPlan staging() {
    return plan.staging().orElseThrow(() -> new IllegalStateException("no staging is planned"));
  }

  /** One line in the form that the template's rejects have, with codes and positions. */
  private void write(String row, List<Refusal> refusals, OutputStream lines) throws IOException {
    ObjectNode line = MAPPER.createObjectNode();
    byte[] key = Digests.sha256().digest(row.getBytes(StandardCharsets.UTF_8));
    line.put("row_key", Digests.hex(key));
    line.put("rejected_by", plan.destination().name());
    ArrayNode errors = MAPPER.createArrayNode();
    for (Refusal refusal : refusals) {
      errors
          .addObject()
          .put("column", column(refusal))
          .put("reason", refusal.reason())
          .put("code", refusal.code())
          .put("position", refusal.position());
    }
    line.set("column", errors.get(0).get("column"));
    line.set("reason", errors.get(0).get("reason"));
    line.set("errors", errors);
    line.put("row", row);
    lines.write(MAPPER.writeValueAsBytes(line));
    lines.write('\n');
  }

  /** As the template names it; Redshift folds names. */
  private @Nullable String column(Refusal refusal) {
    if (refusal.column().isEmpty()) {
      return null;
    }
    return columns.stream()
        .map(Column::name)
        .filter(name -> Identifiers.fold(name).equals(refusal.column()))
        .findFirst()
        .orElse(refusal.column());
  }

  private PenstockException notFound(long refused, long found) {
    return PenstockException.of(
        ErrorCode.RECONCILIATION_MISMATCH,
        "The load into destination " + plan.destination().name() + " was rolled back",
        "COPY passed over "
            + refused
            + " rows, and "
            + found
            + " were found by stl_load_errors or sys_load_error_detail",
        "Let the user see its own rows of these views; rejects.max = 0 fails at the first such row");
  }

  private PenstockException failed(String done, IOException e) {
    return PenstockException.of(
        ErrorCode.DELIVERY_FAILED,
        "The rows that Redshift refused of destination "
            + plan.destination().name()
            + " could not be "
            + done,
        "the store answered with " + e.getClass().getSimpleName(),
        "Allow writing and deleting below " + target.location() + "; nothing was applied",
        e);
  }
}
