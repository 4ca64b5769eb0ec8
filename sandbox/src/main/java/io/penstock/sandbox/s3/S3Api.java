package io.penstock.sandbox.s3;

import com.google.common.base.Throwables;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.gaul.s3proxy.S3ProxyHandler;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** s3proxy, which verifies each request's signature and carries it out. */
final class S3Api extends S3ProxyHandler {
  private static final long LARGEST_OBJECT_OF_ONE_PUT = 5L << 30;
  private static final long LARGEST_UNCHUNKED_REQUEST = 128L << 20;
  private static final int LARGEST_CHUNK = 16 << 20;
  private static final int CLOCK_SKEW_SECONDS = 15 * 60;

  private final BlobStore store;

  S3Api(BlobStore store, AccessKey owner, AccessKeys keys) {
    super(
        store,
        AuthenticationType.AWS_V2_OR_V4,
        owner.id(),
        owner.secret(),
        null,
        LARGEST_OBJECT_OF_ONE_PUT,
        LARGEST_UNCHUNKED_REQUEST,
        LARGEST_CHUNK,
        true,
        null,
        null,
        CLOCK_SKEW_SECONDS);
    this.store = store;
    setBlobStoreLocator(keys);
  }

  void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
    try (InputStream body = request.getInputStream()) {
      doHandle(request, request, response, body, null);
    } catch (IllegalArgumentException e) {
      answer(request, response, Refusal.of(400, "InvalidArgument", String.valueOf(e.getMessage())));
    } catch (UnsupportedOperationException e) {
      answer(request, response, Refusal.of(501, "NotImplemented", String.valueOf(e.getMessage())));
    } catch (IOException | RuntimeException e) {
      Optional<AwsServiceException> known =
          Throwables.getCausalChain(e).stream()
              .filter(AwsServiceException.class::isInstance)
              .map(AwsServiceException.class::cast)
              .findFirst();
      if (known.isEmpty()) {
        throw e;
      }
      answer(request, response, known.get());
    }
  }

  private void answer(
      HttpServletRequest request, HttpServletResponse response, AwsServiceException failure)
      throws IOException {
    SdkHttpResponse original = S3Exceptions.httpResponse(failure);
    if (original != null) {
      original.firstMatchingHeader("ETag").ifPresent(tag -> response.setHeader("ETag", tag));
    }
    String code = S3Exceptions.errorCode(failure);
    AwsErrorDetails details = failure.awsErrorDetails();
    if (code != null && details != null) {
      String message = details.errorMessage();
      answer(
          request,
          response,
          Refusal.of(failure.statusCode(), code, message == null ? "" : message));
      return;
    }
    answerStatus(request, response, failure.statusCode());
  }

  /** What the store reports as a status alone. */
  private void answerStatus(HttpServletRequest request, HttpServletResponse response, int status)
      throws IOException {
    if (status == HttpServletResponse.SC_PRECONDITION_FAILED && isUnchanged(request)) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    Refusal refusal =
        switch (status) {
          case 403 -> Refusal.of(403, "AccessDenied", "Access Denied");
          case 405 -> Refusal.of(405, "MethodNotAllowed", "Method Not Allowed");
          case 412 ->
              Refusal.of(
                  412,
                  "PreconditionFailed",
                  "At least one of the pre-conditions you specified did not hold");
          case 416 -> Refusal.of(416, "InvalidRange", "The requested range is not satisfiable");
          case 400, 422 ->
              Refusal.of(
                  400,
                  "BadDigest",
                  "The Content-MD5 you specified did not match what we received.");
          default -> Refusal.of(status, "InternalError", "status " + status);
        };
    answer(request, response, refusal);
  }

  /** A read whose only condition is that the object has changed. */
  private static boolean isUnchanged(HttpServletRequest request) {
    boolean read = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    boolean other =
        request.getHeader("If-Match") != null || request.getHeader("If-Unmodified-Since") != null;
    return read
        && !other
        && (request.getHeader("If-None-Match") != null
            || request.getHeader("If-Modified-Since") != null);
  }

  /** Adds to an answer how the object that the request names is encrypted. */
  void addEncryption(HttpServletRequest request, HttpServletResponse response) {
    String[] path = request.getRequestURI().split("/", 3);
    HeadObjectResponse object =
        store.blobMetadataIfPresent(
            URLDecoder.decode(path[1], StandardCharsets.UTF_8),
            URLDecoder.decode(path[2], StandardCharsets.UTF_8));
    if (object == null) {
      return;
    }
    response.setHeader("x-amz-server-side-encryption", object.serverSideEncryptionAsString());
    if (object.ssekmsKeyId() != null) {
      response.setHeader("x-amz-server-side-encryption-aws-kms-key-id", object.ssekmsKeyId());
    }
  }

  /** Reads what is left of the request first, so that the client reads the answer. */
  void answer(HttpServletRequest request, HttpServletResponse response, Refusal refusal)
      throws IOException {
    request.getInputStream().transferTo(OutputStream.nullOutputStream());
    sendSimpleErrorResponse(
        request, response, refusal.code(), refusal.status(), refusal.message(), refusal.details());
  }
}
