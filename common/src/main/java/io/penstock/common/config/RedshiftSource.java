package io.penstock.common.config;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.schema.TableName;
import java.util.Optional;

/**
 * Rows of Amazon Redshift; CONTRACT sections 3 and 6.
 *
 * @param staging where UNLOAD writes; empty: the rows come over JDBC
 * @param unloadCredentials what UNLOAD signs its writes with
 */
public record RedshiftSource(
    RedshiftConnection connection,
    Rows rows,
    Reader reader,
    Optional<Staging> staging,
    CopyCredentials unloadCredentials,
    Ranges ranges)
    implements SourceConfig.SourceFormat {

  /** The same rows, reached otherwise. */
  public RedshiftSource withConnection(RedshiftConnection other) {
    return new RedshiftSource(other, rows, reader, staging, unloadCredentials, ranges);
  }

  /** The same rows, unloaded to elsewhere where they are unloaded. */
  public RedshiftSource withStagingLocation(StoreLocation.Bucket elsewhere) {
    return new RedshiftSource(
        connection,
        rows,
        reader,
        staging.map(here -> new Staging(elsewhere, here.keep())),
        unloadCredentials,
        ranges);
  }

  /** Which rows. */
  public sealed interface Rows {
    record Table(TableName name) implements Rows {}

    /**
     * @param sql one SELECT of Redshift
     */
    record Query(String sql) implements Rows {}
  }

  /** How the rows come. */
  public enum Reader {
    /** By size, and by what there is; docs/redshift-source.md. */
    AUTO,
    CONNECTOR,
    UNLOAD,
    JDBC
  }

  /**
   * Where rows lie between UNLOAD and Spark.
   *
   * @param keep whether the files outlive the run
   */
  public record Staging(StoreLocation.Bucket location, boolean keep) {}

  /**
   * How rows are divided among connections that read over JDBC.
   *
   * @param column whose values are divided into ranges; empty: one connection reads all rows
   * @param partitions how many ranges
   */
  public record Ranges(Optional<String> column, int partitions) {}
}
