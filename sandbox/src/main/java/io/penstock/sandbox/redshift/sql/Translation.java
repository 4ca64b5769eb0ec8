package io.penstock.sandbox.redshift.sql;

import java.util.List;

/** What the front does with one statement. */
public sealed interface Translation {

  /** The statement as the client wrote it. */
  String original();

  /** PostgreSQL runs {@code sql}. A refusal is also that: SQL that raises the error in its turn. */
  record Pass(String original, String sql) implements Translation {}

  /**
   * The front has PostgreSQL run these one after the other, and answers with one command tag. They
   * have no parameters and their rows are dropped.
   *
   * @param name of the statement's form, such as {@code ALTER TABLE APPEND}
   */
  record Steps(String original, List<String> statements, Block block, String name, String tag)
      implements Translation {

    static Steps within(String original, String tag, String... statements) {
      return new Steps(original, List.of(statements), Block.PART, tag, tag);
    }

    static Steps alone(String original, String name, String tag, String... statements) {
      return new Steps(original, List.of(statements), Block.REFUSED, name, tag);
    }

    static Steps committing(String original, String tag, String statement) {
      return new Steps(original, List.of(statement), Block.COMMITTED, tag, tag);
    }
  }

  /** COPY from or UNLOAD to S3. */
  record Bulk(String original) implements Translation {}

  /** How a statement stands to the client's transaction block. */
  enum Block {
    /** It is part of the block where there is one. */
    PART,
    /** The transaction is committed with it: TRUNCATE. */
    COMMITTED,
    /** It is refused in a block, and beside other statements of one message. */
    REFUSED
  }
}
