package io.penstock.sandbox.s3;

import jakarta.servlet.http.HttpServletRequest;

/** The names that the Amazon S3 API Reference gives to requests. */
final class Operation {
  static final String ASSUME_ROLE = "AssumeRole";
  static final String DATABASE_LOGIN = "DatabaseLogin";
  static final String COMPLETE_MULTIPART_UPLOAD = "CompleteMultipartUpload";
  static final String GET_BUCKET_LOCATION = "GetBucketLocation";
  static final String HEAD_BUCKET = "HeadBucket";
  private static final String OTHER = "Other";

  private Operation() {}

  static String of(HttpServletRequest request) {
    String path = request.getRequestURI();
    int key = path.indexOf('/', 1);
    if (path.length() <= 1) {
      return switch (request.getMethod()) {
        case "GET" -> "ListBuckets";
        case "POST" -> DatabaseLogins.isFor(request) ? DATABASE_LOGIN : ASSUME_ROLE;
        default -> OTHER;
      };
    }
    return key < 0 || key == path.length() - 1 ? ofBucket(request) : ofObject(request);
  }

  private static String ofBucket(HttpServletRequest request) {
    return switch (request.getMethod()) {
      case "GET" -> {
        if (has(request, "location")) {
          yield GET_BUCKET_LOCATION;
        }
        if (has(request, "uploads")) {
          yield "ListMultipartUploads";
        }
        yield has(request, "list-type") ? "ListObjectsV2" : "ListObjects";
      }
      case "HEAD" -> HEAD_BUCKET;
      case "PUT" -> "CreateBucket";
      case "DELETE" -> "DeleteBucket";
      case "POST" -> has(request, "delete") ? "DeleteObjects" : OTHER;
      default -> OTHER;
    };
  }

  private static String ofObject(HttpServletRequest request) {
    boolean upload = has(request, "uploadId");
    return switch (request.getMethod()) {
      case "GET" -> upload ? "ListParts" : "GetObject";
      case "HEAD" -> "HeadObject";
      case "PUT" -> {
        boolean copy = request.getHeader("x-amz-copy-source") != null;
        if (upload) {
          yield copy ? "UploadPartCopy" : "UploadPart";
        }
        yield copy ? "CopyObject" : "PutObject";
      }
      case "DELETE" -> upload ? "AbortMultipartUpload" : "DeleteObject";
      case "POST" -> {
        if (upload) {
          yield COMPLETE_MULTIPART_UPLOAD;
        }
        yield has(request, "uploads") ? "CreateMultipartUpload" : OTHER;
      }
      default -> OTHER;
    };
  }

  private static boolean has(HttpServletRequest request, String parameter) {
    return request.getParameter(parameter) != null;
  }
}
