package io.penstock.common.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a table is made that does not exist yet (Amazon Redshift Database Developer Guide, "CREATE
 * TABLE"). A table that exists is left as it is.
 *
 * @param distStyle {@code auto}, {@code even}, {@code all} or {@code key}
 * @param sortKey empty: the choice is Redshift's
 * @param encodings compression encodings, by column
 * @param comments on columns, by column
 */
public record TableDesign(
    String distStyle,
    Optional<String> distKey,
    Optional<SortKey> sortKey,
    List<String> primaryKey,
    Map<String, String> encodings,
    Optional<String> comment,
    Map<String, String> comments) {

  /** Everything left to Redshift. */
  public static final TableDesign AUTO =
      new TableDesign(
          "auto",
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Map.of(),
          Optional.empty(),
          Map.of());

  /** The columns that are named, by the key of the job file that names them. */
  public Map<String, List<String>> columns() {
    Map<String, List<String>> named = new LinkedHashMap<>();
    named.put("dist-key", distKey.stream().toList());
    named.put("sort-key", sortKey.map(SortKey::columns).orElse(List.of()));
    named.put("primary-key", primaryKey);
    named.put("encodings", List.copyOf(encodings.keySet()));
    named.put("comments", List.copyOf(comments.keySet()));
    return named;
  }

  /** The order of rows on disk. */
  public sealed interface SortKey {

    /** The columns that are named; none where Redshift chooses. */
    List<String> columns();

    /** Chosen and changed by Redshift. */
    record Auto() implements SortKey {
      @Override
      public List<String> columns() {
        return List.of();
      }
    }

    /** By the columns in their order. */
    record Compound(List<String> columns) implements SortKey {}

    /** By the columns with equal weight. */
    record Interleaved(List<String> columns) implements SortKey {
      /** Most columns that Redshift takes. */
      public static final int MAX_COLUMNS = 8;
    }
  }
}
