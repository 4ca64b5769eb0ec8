package io.penstock.sandbox;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * The embedded S3 server: one key pair, signed requests only, an object is a plain file {@code
 * <folder>/<bucket>/<key>}.
 */
final class S3Server implements AutoCloseable {
  private static final String REGION = "us-east-1";
  private static final long LARGEST_UNCHUNKED_REQUEST = 128L << 20;
  private static final int LARGEST_CHUNK = 16 << 20;

  private final S3Proxy proxy;
  private final S3Endpoint endpoint;

  private S3Server(S3Proxy proxy, S3Endpoint endpoint) {
    this.proxy = proxy;
    this.endpoint = endpoint;
  }

  static S3Server start(Path folder, int port, Collection<String> buckets, Credentials credentials)
      throws IOException {
    for (String bucket : buckets) {
      Files.createDirectories(folder.resolve(bucket));
    }
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.toString()))
            .endpoint(URI.create("http://127.0.0.1:" + port))
            .awsAuthentication(
                AuthenticationType.AWS_V2_OR_V4, credentials.accessKey(), credentials.secretKey())
            .v4MaxNonChunkedRequestSize(LARGEST_UNCHUNKED_REQUEST)
            .v4MaxChunkSize(LARGEST_CHUNK)
            .ignoreUnknownHeaders(true)
            .build();
    try {
      proxy.start();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The embedded S3 server did not start on port " + port, e);
    }
    URI uri = URI.create("http://127.0.0.1:" + proxy.getPort());
    return new S3Server(
        proxy, new S3Endpoint(uri, REGION, credentials.accessKey(), credentials.secretKey()));
  }

  S3Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public void close() throws IOException {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IOException("The embedded S3 server did not stop", e);
    }
  }
}
