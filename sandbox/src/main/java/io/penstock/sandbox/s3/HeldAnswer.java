package io.penstock.sandbox.s3;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is complete and not sent, so that headers can be added to it, or another sent in
 * its place. It keeps its whole body.
 */
final class HeldAnswer extends HttpServletResponseWrapper {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final ServletOutputStream stream = new Body();
  private @Nullable PrintWriter writer;

  HeldAnswer(HttpServletResponse response) {
    super(response);
  }

  /** What its body is in UTF-8. */
  String text() {
    flush();
    return body.toString(StandardCharsets.UTF_8);
  }

  void send() throws IOException {
    flush();
    body.writeTo(getResponse().getOutputStream());
  }

  private void flush() {
    if (writer != null) {
      writer.flush();
    }
  }

  @Override
  public ServletOutputStream getOutputStream() {
    return stream;
  }

  @Override
  public PrintWriter getWriter() {
    PrintWriter open = writer;
    if (open == null) {
      open = new PrintWriter(new OutputStreamWriter(body, StandardCharsets.UTF_8));
      writer = open;
    }
    return open;
  }

  @Override
  public void flushBuffer() {}

  private final class Body extends ServletOutputStream {
    @Override
    public void write(int b) {
      body.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      body.write(bytes, offset, length);
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new UnsupportedOperationException("asynchronous answers");
    }
  }
}
