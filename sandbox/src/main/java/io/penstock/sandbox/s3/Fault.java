package io.penstock.sandbox.s3;

/**
 * What goes wrong with requests of an operation.
 *
 * @param operation a name of the Amazon S3 API Reference; {@code *}: every one
 * @param worked the request is carried out all the same
 * @param times how many requests; {@link #FOR_EVER}: all of them
 */
record Fault(String operation, Answer answer, boolean worked, long times) {
  static final long FOR_EVER = -1;
  private static final String EVERY = "*";

  /** What the client hears. */
  enum Answer {
    INTERNAL_ERROR("500"),
    SLOW_DOWN("503"),
    /** Status 200 with an error in the body. */
    ERROR_IN_BODY("error-in-body"),
    /** Nothing: the connection breaks. */
    NOTHING("nothing");

    private final String word;

    Answer(String word) {
      this.word = word;
    }

    static Answer of(String word) {
      for (Answer answer : values()) {
        if (answer.word.equals(word)) {
          return answer;
        }
      }
      throw new IllegalArgumentException("answer is one of 500, 503, error-in-body, nothing");
    }
  }

  boolean concerns(String other) {
    return operation.equals(EVERY) || operation.equals(other);
  }

  Fault once() {
    return times == FOR_EVER ? this : new Fault(operation, answer, worked, times - 1);
  }
}
