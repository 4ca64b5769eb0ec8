package io.penstock.sandbox.s3;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/**
 * Every request comes through here: to the control, to STS, to the database logins, or, once it
 * may, to s3proxy.
 */
final class S3Front extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String CUSTOMER_KEY = "x-amz-server-side-encryption-customer-algorithm";

  private static final String BUCKET_REGION = "x-amz-bucket-region";

  private final transient Control control;
  private final transient Faults faults;
  private final transient RequestLog log;
  private final transient Sessions sessions;
  private final transient AssumeRole sts;
  private final transient DatabaseLogins logins;
  private final transient S3Api api;

  S3Front(Sessions sessions, AssumeRole sts, DatabaseLogins logins, S3Api api) {
    this.faults = new Faults();
    this.log = new RequestLog();
    this.control = new Control(faults, log);
    this.sessions = sessions;
    this.sts = sts;
    this.logins = logins;
    this.api = api;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (Control.isFor(request)) {
      control.answer(request, response);
      return;
    }
    String operation = Operation.of(request);
    faults.pause();
    Optional<Fault> fault = faults.next(operation);
    try {
      if (fault.isPresent()) {
        fail(operation, request, response, fault.get());
      } else {
        work(operation, request, response);
      }
    } finally {
      log.add(RequestLog.Entry.of(operation, request, response.getStatus()));
    }
  }

  private void work(String operation, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (operation.equals(Operation.ASSUME_ROLE)) {
      sts.answer(request, response);
      return;
    }
    if (operation.equals(Operation.DATABASE_LOGIN)) {
      logins.answer(request, response);
      return;
    }
    if (operation.equals(Operation.HEAD_BUCKET)) {
      response.setHeader(BUCKET_REGION, sessions.region());
    }
    Optional<Refusal> refusal = sessions.refusal(request);
    if (refusal.isPresent()) {
      api.answer(request, response, refusal.get());
    } else if (request.getHeader(CUSTOMER_KEY) != null) {
      api.answer(request, response, Refusal.CUSTOMER_KEYS);
    } else if (operation.equals(Operation.COMPLETE_MULTIPART_UPLOAD)) {
      complete(request, response);
    } else if (operation.equals(Operation.GET_BUCKET_LOCATION)) {
      tellRegion(request, response);
    } else {
      api.serve(request, response);
    }
  }

  /** s3proxy begins its answer before it knows the object's encryption. */
  private void complete(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HeldAnswer answer = new HeldAnswer(response);
    api.serve(request, answer);
    if (answer.text().contains("<CompleteMultipartUploadResult")) {
      api.addEncryption(request, response);
    }
    answer.send();
  }

  /** s3proxy knows no regions; the first one is told by an empty element. */
  private void tellRegion(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HeldAnswer answer = new HeldAnswer(response);
    api.serve(request, answer);
    if (response.getStatus() != HttpServletResponse.SC_OK
        || sessions.region().equals(S3Settings.DEFAULT_REGION)) {
      answer.send();
      return;
    }
    String location =
        "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            + sessions.region()
            + "</LocationConstraint>";
    response.getOutputStream().write(location.getBytes(StandardCharsets.UTF_8));
  }

  private void fail(
      String operation, HttpServletRequest request, HttpServletResponse response, Fault fault)
      throws IOException {
    if (fault.worked()) {
      work(operation, request, new HeldAnswer(response));
      response.reset();
    } else {
      request.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
    switch (fault.answer()) {
      case INTERNAL_ERROR -> api.answer(request, response, Refusal.INTERNAL_ERROR);
      case SLOW_DOWN -> api.answer(request, response, Refusal.SLOW_DOWN);
      case ERROR_IN_BODY -> {
        response.setContentType("application/xml");
        response.getOutputStream().write(errorInBody().getBytes(StandardCharsets.UTF_8));
      }
      case NOTHING ->
          ServletContextRequest.getServletContextRequest(request)
              .getConnectionMetaData()
              .getConnection()
              .getEndPoint()
              .close();
    }
  }

  private static String errorInBody() {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
        + Refusal.INTERNAL_ERROR.code()
        + "</Code><Message>"
        + Refusal.INTERNAL_ERROR.message()
        + "</Message></Error>";
  }
}
