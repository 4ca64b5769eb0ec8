package io.penstock.jobs.read.redshift;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.RedshiftSource.Staging;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.plan.SourceStatements;
import io.penstock.jobs.redshift.CarriedConnection;
import io.penstock.jobs.redshift.Session;
import io.penstock.jobs.redshift.StatementFailures;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tries what reading a source needs, one thing after the other. Every method answers what it found,
 * in a few words, and throws {@code SOURCE_UNREADABLE} or {@code SECRET_UNRESOLVED} with the key to
 * change. Nothing is left behind.
 */
public final class SourceProbe {
  /** After this the server is asked to cancel a statement. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** After this the connection is given up. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final String name;
  private final RedshiftSource source;
  private final ReadContext context;
  private volatile @Nullable Session running;

  public SourceProbe(String name, RedshiftSource source, ReadContext context) {
    this.name = name;
    this.source = source;
    this.context = context;
  }

  /** Signs in. */
  public String connect() {
    return in(
        "the login",
        session -> {
          session.query(SourceStatements.selectOne(), LONGEST, row -> row.getInt(1));
          return "database "
              + source.connection().database()
              + ", user "
              + source.connection().login().user().orElse("that AWS names");
        });
  }

  public String listSchemas() {
    return in(
        "the list of schemas",
        session -> {
          try {
            return session
                    .query(SourceStatements.countSchemas(), LONGEST, row -> row.getLong(1))
                    .get(0)
                + " schemas";
          } catch (SQLException e) {
            if (StatementFailures.isForbidden(e)) {
              throw unlisted(e);
            }
            throw e;
          }
        });
  }

  /** What everybody may, unless it was taken away, no grant for a job gives back. */
  private PenstockException unlisted(SQLException failure) {
    return PenstockException.of(
        ErrorCode.SOURCE_UNREADABLE,
        "The schemas of source " + name + " cannot be listed",
        StatementFailures.describe(failure),
        "GRANT SELECT ON pg_catalog.pg_namespace TO the user, which it has unless it was revoked,"
            + " or change sources."
            + name
            + ".connection.user");
  }

  /** Unloads one row, reads what was written by its manifest, and removes it. */
  public String unload() {
    StoreLocation.Bucket location = source.staging().orElseThrow().location();
    // what is only tried is not kept
    Staging staging = new Staging(location, false);
    try (Unloads unloads =
        new Unloads(name + "-try", staging, context.folder(), context.secrets())) {
      StoreLocation.Bucket folder = unloads.next();
      in(
          "UNLOAD",
          session -> session.execute(SourceStatements.unloadOne(folder, authorization()), LONGEST));
      read(folder);
      return location.toString();
    }
  }

  private void read(StoreLocation.Bucket folder) {
    try (ObjectStore store = ObjectStores.open(folder)) {
      byte[] content =
          store
              .read(SourceStatements.MANIFEST)
              .orElseThrow(
                  () ->
                      new IOException(
                          store.address(SourceStatements.MANIFEST)
                              + " is not there: Redshift writes elsewhere than is read here"));
      UnloadManifest manifest = UnloadManifest.parse(content, folder);
      long bytes = 0;
      for (UnloadedFile file : manifest.files()) {
        bytes += store.read(file.key(), 0, (int) file.bytes()).length;
      }
      if (manifest.rows() != 1 || bytes == 0) {
        throw ReadFailures.ofCounts(name, "one row was unloaded, and another number is there");
      }
    } catch (IOException e) {
      throw ReadFailures.ofStaging(name, "read", e);
    }
  }

  private CopyAuthorization authorization() {
    return source.unloadCredentials() instanceof CopyCredentials.IamRole role
        ? new CopyAuthorization.IamRole(role.arn())
        : context.keys().resolve(source.staging().orElseThrow().location().access());
  }

  /** Ends what is waited for, from another thread. */
  public void cancel() {
    Session session = running;
    if (session != null) {
      session.cancel();
    }
  }

  private <T> T in(String what, OpenSource.Work<T> work) {
    CarriedConnection connection;
    try {
      connection = CarriedConnection.of(source.connection(), context.secrets());
    } catch (PenstockException e) {
      throw ReadFailures.of(e);
    }
    try (Session session = connection.database("source " + name).open(SILENCE)) {
      running = session;
      return work.with(session);
    } catch (SQLException e) {
      throw ReadFailures.of(name, what, e);
    } catch (PenstockException e) {
      throw ReadFailures.of(e);
    } finally {
      running = null;
    }
  }
}
