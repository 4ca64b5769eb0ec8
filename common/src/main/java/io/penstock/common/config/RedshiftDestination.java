package io.penstock.common.config;

import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.TableName;
import io.penstock.common.secret.Secret;
import java.util.List;
import java.util.Optional;

/** A table in Amazon Redshift; CONTRACT section 5. */
public record RedshiftDestination(
    String name,
    Connection connection,
    Staging staging,
    CopyCredentials copyCredentials,
    Loader loader,
    Table table,
    Application application,
    String stateSchema)
    implements DestinationConfig {

  /** The same destination, reached otherwise. */
  public RedshiftDestination withConnection(Connection other) {
    return new RedshiftDestination(
        name, other, staging, copyCredentials, loader, table, application, stateSchema);
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
        stateSchema);
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
        new Staging(elsewhere, staging.format(), staging.keep()),
        copyCredentials,
        loader,
        table,
        application,
        stateSchema);
  }

  /**
   * How to reach the database.
   *
   * @param endpointOverride {@code host:port} to connect to instead, for tests
   */
  public record Connection(
      String host,
      int port,
      String database,
      String user,
      Secret password,
      TlsMode tls,
      Optional<String> endpointOverride) {}

  /** How far the server's certificate is checked. */
  public enum TlsMode {
    VERIFY_FULL,
    VERIFY_CA,
    REQUIRE,
    DISABLE
  }

  /**
   * Where rows lie between Spark and COPY.
   *
   * @param keep whether staged files outlive the load
   */
  public record Staging(StoreLocation.Bucket location, StagingFormat format, boolean keep) {}

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
