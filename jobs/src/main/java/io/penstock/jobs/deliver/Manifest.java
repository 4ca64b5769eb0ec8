package io.penstock.jobs.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.jobs.store.ObjectStore;
import java.util.List;

/**
 * The manifest that COPY reads (Amazon Redshift Database Developer Guide, "Using a manifest to
 * specify data files"); {@code content_length} is what Parquet needs.
 */
final class Manifest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Manifest() {}

  static byte[] of(List<StagedFile> files, ObjectStore store) {
    ObjectNode document = MAPPER.createObjectNode();
    ArrayNode entries = document.putArray("entries");
    for (StagedFile file : files) {
      ObjectNode entry = entries.addObject();
      entry.put("url", store.address(file.object().key()));
      entry.put("mandatory", true);
      entry.putObject("meta").put("content_length", file.object().bytes());
    }
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
