package io.penstock.sandbox.s3;

import io.penstock.sandbox.S3Endpoint;
import io.penstock.sandbox.s3.nio2blob.ObjectFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.gaul.s3proxy.blobstore.BlobStore;

/**
 * The embedded S3, STS and the temporary logins of Redshift on 127.0.0.1: signed requests only, an
 * object is a plain file {@code <folder>/<bucket>/<key>}.
 */
public final class S3Server implements AutoCloseable {
  private static final int MOST_THREADS = 200;

  private final Server server;
  private final S3Endpoint endpoint;
  private final Permissions permissions;

  private S3Server(Server server, S3Endpoint endpoint, Permissions permissions) {
    this.server = server;
    this.endpoint = endpoint;
    this.permissions = permissions;
  }

  /**
   * Serves until it is closed.
   *
   * @param logins makes the temporary logins of the database
   * @throws IOException the port is taken, or the folder cannot be written to
   */
  public static S3Server start(S3Settings settings, LoginIssuer logins) throws IOException {
    boolean mayHoldObjects = holdsAny(settings.folder());
    for (String bucket : settings.buckets()) {
      Files.createDirectories(settings.folder().resolve(bucket));
    }
    Permissions permissions = settings.permissions();
    KmsKeys kmsKeys = new KmsKeys(permissions.kmsKeys(), settings.region());
    BlobStore store = new KmsObjects(new ObjectFiles(settings.folder()), kmsKeys, mayHoldObjects);
    AccessKeys keys = new AccessKeys(permissions.owner(), store);
    Sessions sessions = new Sessions(keys, settings.region());
    AssumeRole sts = new AssumeRole(permissions, keys, sessions);
    DatabaseLogins databaseLogins =
        new DatabaseLogins(permissions, new SignedForm(keys, sessions), logins);
    S3Front front =
        new S3Front(sessions, sts, databaseLogins, new S3Api(store, permissions.owner(), keys));
    Server server = new Server(threads());
    ServerConnector connector = connector(server, settings.port());
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(front), "/*");
    server.setHandler(context);
    try {
      server.start();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The embedded S3 server did not start", e);
    }
    URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort());
    AccessKey owner = permissions.owner();
    return new S3Server(
        server, new S3Endpoint(uri, settings.region(), owner.id(), owner.secret()), permissions);
  }

  private static boolean holdsAny(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isPresent();
    }
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
    threads.setName("s3");
    return threads;
  }

  /**
   * As s3proxy sets its own up: keys may hold what a stricter server refuses in a URI, and a body
   * that calls itself a form is an object all the same.
   */
  private static ServerConnector connector(Server server, int port) {
    HttpConfiguration http = new HttpConfiguration();
    http.setHttpCompliance(HttpCompliance.LEGACY);
    http.setUriCompliance(UriCompliance.LEGACY);
    http.setHeaderCacheCaseSensitive(true);
    http.setSendServerVersion(false);
    http.setFormEncodedMethods();
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    return connector;
  }

  public S3Endpoint endpoint() {
    return endpoint;
  }

  public Permissions permissions() {
    return permissions;
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("The embedded S3 server did not stop", e);
    }
  }
}
