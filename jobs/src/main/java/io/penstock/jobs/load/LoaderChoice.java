package io.penstock.jobs.load;

import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftDestination.Staging;
import io.penstock.common.config.RedshiftDestination.StagingCompression;
import io.penstock.common.config.RedshiftDestination.StagingFormat;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.jobs.redshift.Connector;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which transport fills the stage table. */
public final class LoaderChoice {
  private LoaderChoice() {}

  /**
   * {@code CONNECTOR} or {@code COPY}. {@code auto} takes the connector where it is on the class
   * path and can carry the columns.
   *
   * @throws PenstockException {@code LOAD_CONNECTOR_MISSING}, or {@code CONFIG_CONFLICT} where the
   *     connector is asked for and cannot carry the load, or the staging format cannot
   */
  public static Loader of(LoadPlan plan, List<Column> columns) {
    RedshiftDestination destination = plan.destination();
    if (destination.loader() == Loader.COPY) {
      refuseUncarried(destination, columns);
      return Loader.COPY;
    }
    boolean present = Connector.isPresent();
    Optional<String> obstacle =
        plan.refused().isPresent()
            ? Optional.of("it cannot set rows aside that COPY refuses (rejects.max)")
            : obstacle(destination, columns);
    if (destination.loader() == Loader.AUTO) {
      if (present && obstacle.isEmpty()) {
        return Loader.CONNECTOR;
      }
      refuseUncarried(destination, columns);
      return Loader.COPY;
    }
    if (!present) {
      throw PenstockException.of(
          ErrorCode.LOAD_CONNECTOR_MISSING,
          "Destination " + destination.name() + " asks for loader = connector",
          "the spark-redshift connector is not on the class path",
          "Submit with --packages "
              + Connector.COORDINATES
              + ", run on EMR 6.10 or later, or set loader = copy");
    }
    obstacle.ifPresent(
        reason -> {
          throw PenstockException.of(
              ErrorCode.CONFIG_CONFLICT,
              "The connector cannot load destination " + destination.name(),
              reason,
              "Set loader = copy");
        });
    return Loader.CONNECTOR;
  }

  /**
   * Columns without a type in the template have the query's, which a parsed job file cannot tell.
   */
  private static void refuseUncarried(RedshiftDestination destination, List<Column> columns) {
    StagingFormat format = destination.staging().format();
    for (Column column : columns) {
      Kind kind = column.type().kind();
      if (!format.carries(kind)) {
        throw PenstockException.of(
            ErrorCode.CONFIG_CONFLICT,
            "Destination " + destination.name() + " cannot stage column " + column.name(),
            "its type is "
                + column.type()
                + ", and COPY does not load that from staging.format = "
                + format.name().toLowerCase(Locale.ROOT),
            StagingFormat.remedy(kind));
      }
    }
  }

  private static Optional<String> obstacle(RedshiftDestination destination, List<Column> columns) {
    for (Column column : columns) {
      if (column.name().indexOf('"') >= 0 || column.name().indexOf('\\') >= 0) {
        return Optional.of("it quotes the column name " + column.name() + " wrongly");
      }
      if (column.type().kind() == Kind.VARBYTE || column.type().kind() == Kind.SUPER) {
        return Optional.of("it cannot write column " + column.name() + " of type " + column.type());
      }
    }
    Staging staging = destination.staging();
    if (staging.format() == StagingFormat.JSON) {
      return Optional.of("it does not stage JSON (staging.format)");
    }
    if (staging.compression() == StagingCompression.ZSTD || staging.slices() > 1) {
      return Optional.of("it chooses compression and number of files itself (staging)");
    }
    if (!Connector.takes(destination.copyCredentials(), staging.location().access())) {
      return Optional.of(
          "it takes an IAM role or temporary keys, and staging.credentials has no session-token");
    }
    return Optional.empty();
  }
}
