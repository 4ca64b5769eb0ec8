package io.penstock.common.config;

import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.TableName;
import java.util.List;
import java.util.Optional;

/** A table in Amazon Redshift; CONTRACT section 5. */
public record RedshiftDestination(
    String name,
    RedshiftConnection connection,
    Staging staging,
    CopyCredentials copyCredentials,
    Loader loader,
    Table table,
    Application application,
    String stateSchema,
    Optional<TableauConfig> tableau)
    implements DestinationConfig {

  @Override
  public String receiver() {
    return "redshift "
        + name
        + " "
        + connection.host()
        + ":"
        + connection.port()
        + "/"
        + connection.database()
        + " "
        + table.name();
  }

  /** The same destination, reached otherwise. */
  public RedshiftDestination withConnection(RedshiftConnection other) {
    return new RedshiftDestination(
        name, other, staging, copyCredentials, loader, table, application, stateSchema, tableau);
  }

  /** The same destination, loading another table. */
  public RedshiftDestination withTable(TableName other) {
    return new RedshiftDestination(
        name,
        connection,
        staging,
        copyCredentials,
        loader,
        new Table(other, table.design(), table.grants()),
        application,
        stateSchema,
        tableau);
  }

  /** How staged rows are applied to the table. */
  public Write write() {
    return application.write();
  }

  /** The same destination, staging elsewhere. */
  public RedshiftDestination withStagingLocation(StoreLocation.Bucket elsewhere) {
    return new RedshiftDestination(
        name,
        connection,
        staging.at(elsewhere),
        copyCredentials,
        loader,
        table,
        application,
        stateSchema,
        tableau);
  }

  /** The same destination, whose table nobody looks at with Tableau. */
  public RedshiftDestination withoutTableau() {
    return new RedshiftDestination(
        name,
        connection,
        staging,
        copyCredentials,
        loader,
        table,
        application,
        stateSchema,
        Optional.empty());
  }

  /**
   * Where rows lie between Spark and COPY.
   *
   * @param compression of text files
   * @param slices the number of files is a multiple of it; 1: any number
   * @param keep whether staged files outlive the load
   */
  public record Staging(
      StoreLocation.Bucket location,
      StagingFormat format,
      StagingCompression compression,
      int slices,
      boolean keep) {

    Staging at(StoreLocation.Bucket elsewhere) {
      return new Staging(elsewhere, format, compression, slices, keep);
    }
  }

  /** How staged text files are compressed. */
  public enum StagingCompression {
    AUTO,
    GZIP,
    ZSTD
  }

  /** The format of staged files. */
  public enum StagingFormat {
    AUTO,
    CSV,
    PARQUET,
    AVRO,
    JSON;

    /**
     * Whether COPY loads columns of the kind from files of this format: SUPER from text and JSON,
     * VARBYTE from CSV and Parquet (Amazon Redshift Database Developer Guide, "Loading a column of
     * the VARBYTE data type").
     */
    public boolean carries(Kind kind) {
      return switch (kind) {
        case SUPER -> this != PARQUET && this != AVRO;
        case VARBYTE -> this != AVRO && this != JSON;
        default -> true;
      };
    }

    /**
     * Whether the files are text. Of the others, Parquet takes no MAXERROR (Amazon Redshift
     * Database Developer Guide, "COPY from columnar data formats"), and Avro has no lines by which
     * a refused row could be found again.
     */
    public boolean isText() {
      return this != PARQUET && this != AVRO;
    }

    /** What to write instead of a format that does not carry the kind. */
    public static String remedy(Kind kind) {
      return kind == Kind.SUPER
          ? "write format = csv, json or auto"
          : "write format = csv, parquet or auto";
    }
  }

  /** What COPY signs its reads with. */
  public sealed interface CopyCredentials {
    record IamRole(String arn) implements CopyCredentials {}

    /** The credentials of the staging location. */
    record FromStaging() implements CopyCredentials {}
  }

  /** Whether COPY can be told to pass over rows that it refuses, and these be found again. */
  public boolean setsRowsAside() {
    return loader != Loader.CONNECTOR && staging.format().isText();
  }

  /** The transport that fills the stage table. */
  public enum Loader {
    AUTO,
    CONNECTOR,
    COPY
  }

  /**
   * @param name of the table; with {@code operation = create-new} what precedes its number
   */
  public record Table(TableName name, TableDesign design, List<Grant> grants) {}

  /** A privilege on the table, such as select, and who gets it. */
  public record Grant(String privilege, String to) {}

  /** How staged rows are applied to the table. */
  public enum Write {
    APPEND,
    OVERWRITE,
    UPSERT,
    MIRROR;

    /** Whether rows are told apart by key columns. */
    public boolean usesKeys() {
      return this == UPSERT || this == MIRROR;
    }
  }
}
