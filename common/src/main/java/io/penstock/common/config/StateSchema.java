package io.penstock.common.config;

import io.penstock.common.config.RedshiftSource.Ranges;
import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.config.RedshiftSource.Rows;
import io.penstock.common.config.RedshiftSource.Staging;
import io.penstock.common.config.SyncConfig.StateLocation;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a sync that is kept in the Redshift of the job's source.
 *
 * @param source the name of the source whose connection and staging are used
 */
public record StateSchema(String job, String source, RedshiftSource redshift, String schema) {

  /** Empty where the job has no sync, or keeps its state elsewhere. */
  public static Optional<StateSchema> of(JobFile job) {
    return job.sync()
        .map(SyncConfig::state)
        .filter(StateLocation.Schema.class::isInstance)
        .map(StateLocation.Schema.class::cast)
        .flatMap(
            schema ->
                source(job)
                    .map(
                        found ->
                            new StateSchema(
                                job.job(),
                                found.name(),
                                (RedshiftSource) found.format(),
                                schema.name())));
  }

  /** Of several sources in one database the first that has a place for files. */
  private static Optional<SourceConfig> source(JobFile job) {
    List<SourceConfig> sources =
        job.sources().stream().filter(source -> source.format() instanceof RedshiftSource).toList();
    return sources.stream()
        .filter(source -> ((RedshiftSource) source.format()).staging().isPresent())
        .findFirst()
        .or(() -> sources.stream().findFirst());
  }

  /** The databases that the job's sources are in, and as whom, in the words of messages. */
  static Set<String> databases(JobFile job) {
    Set<String> databases = new LinkedHashSet<>();
    for (SourceConfig source : job.sources()) {
      if (source.format() instanceof RedshiftSource redshift) {
        RedshiftConnection connection = redshift.connection();
        databases.add(
            connection.endpoint()
                + "/"
                + connection.database()
                + (connection.user().isEmpty()
                    ? ""
                    : " as " + Identifiers.fold(connection.user())));
      }
    }
    return databases;
  }

  /** A table of the state as a source; its files never outlive the run. */
  public RedshiftSource reading(TableName table) {
    return new RedshiftSource(
        redshift.connection(),
        new Rows.Table(table),
        Reader.AUTO,
        redshift.staging().map(staging -> new Staging(staging.location(), false)),
        redshift.unloadCredentials(),
        new Ranges(Optional.empty(), 1));
  }

  @Override
  public String toString() {
    return "schema " + schema + " in the Redshift of source " + source;
  }
}
