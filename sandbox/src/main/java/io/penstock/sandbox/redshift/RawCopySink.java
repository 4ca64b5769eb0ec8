package io.penstock.sandbox.redshift;

import io.penstock.sandbox.redshift.wire.Errors;
import io.penstock.sandbox.redshift.wire.Message;
import io.penstock.sandbox.redshift.wire.MessageOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** CopyData messages on the raw connection. The server's first error ends the copy. */
final class RawCopySink implements Backend.CopySink {
  private static final String TAG = "COPY ";

  private final Exchange exchange;
  private final MessageOutput out;
  private final AnswerRewriter rewriter;
  private boolean ended;

  RawCopySink(Exchange exchange, MessageOutput out, AnswerRewriter rewriter) {
    this.exchange = exchange;
    this.out = out;
    this.rewriter = rewriter;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException, SqlError {
    if (exchange.answers().peek() != null) {
      finish();
    }
    Message.Builder data = Message.builder('d');
    data.bytes(Arrays.copyOfRange(bytes, offset, offset + length));
    out.write(data.build());
  }

  @Override
  public long finish() throws IOException, SqlError {
    ended = true;
    out.write(new Message('c', new byte[0]));
    out.flush();
    long rows = 0;
    @Nullable SqlError error = null;
    Message answer = ServerConnection.take(exchange);
    while (answer.type() != 'Z') {
      if (answer.type() == 'E') {
        error = Errors.error(rewriter.error(answer));
      } else if (answer.type() == 'C') {
        rows = Long.parseLong(answer.reader().text().substring(TAG.length()));
      }
      answer = ServerConnection.take(exchange);
    }
    if (error != null) {
      throw error;
    }
    return rows;
  }

  @Override
  public void cancel(String reason) throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    out.write(Message.text('f', reason));
    out.flush();
    Message answer = ServerConnection.take(exchange);
    while (answer.type() != 'Z') {
      answer = ServerConnection.take(exchange);
    }
  }
}
