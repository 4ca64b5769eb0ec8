package io.penstock.sandbox.redshift.copy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The manifest an UNLOAD writes. Source: Amazon Redshift Database Developer Guide, "UNLOAD",
 * "Unloading data with a manifest".
 */
final class UnloadManifest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private UnloadManifest() {}

  /**
   * A file that was written.
   *
   * @param records lines, the header included
   */
  record Entry(S3Location location, long bytes, long rows, long records) {}

  static byte[] of(List<Entry> files, List<TargetColumn> columns, boolean verbose) {
    ObjectNode manifest = JSON.createObjectNode();
    ArrayNode entries = manifest.putArray("entries");
    for (Entry file : files) {
      ObjectNode entry = entries.addObject();
      entry.put("url", file.location().toString());
      ObjectNode meta = entry.putObject("meta");
      meta.put("content_length", file.bytes());
      if (verbose) {
        meta.put("record_count", file.records());
      }
    }
    if (verbose) {
      describe(manifest, files, columns);
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void describe(ObjectNode manifest, List<Entry> files, List<TargetColumn> columns) {
    ArrayNode elements = manifest.putObject("schema").putArray("elements");
    for (TargetColumn column : columns) {
      ObjectNode element = elements.addObject();
      element.put("name", column.name());
      ObjectNode type = element.putObject("type");
      type.put("base", base(column));
      if (column.length() >= 0 && column.type().equals("numeric")) {
        type.put("precision", column.length());
        type.put("scale", column.scale());
      } else if (column.length() >= 0) {
        type.put("max_length", column.length());
      }
    }
    ObjectNode total = manifest.putObject("meta");
    total.put("content_length", files.stream().mapToLong(Entry::bytes).sum());
    total.put("record_count", files.stream().mapToLong(Entry::records).sum());
    ObjectNode author = manifest.putObject("author");
    author.put("name", "Amazon Redshift");
    author.put("version", "1.0.0");
  }

  private static String base(TargetColumn column) {
    return switch (column.type()) {
      case "int4" -> "integer";
      case "varchar", "text" -> "character varying";
      case "bpchar" -> "character";
      case "timestamp" -> "timestamp without time zone";
      case "timestamptz" -> "timestamp with time zone";
      default -> column.redshiftType();
    };
  }
}
