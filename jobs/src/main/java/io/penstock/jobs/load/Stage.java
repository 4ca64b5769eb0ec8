package io.penstock.jobs.load;

import io.penstock.jobs.redshift.Session;
import java.sql.SQLException;

/** Rows on their way into the stage table, or already in it. */
interface Stage {

  /** Rows that were delivered to the stage, as their writers counted them. */
  long rows();

  /** Rows that the stage table is to hold once it is filled. */
  default long loaded() {
    return rows();
  }

  /** Bytes that were staged; 0 where the transport does not say. */
  long bytes();

  /** Makes what was staged readable for the load's transaction. */
  void open();

  /** Sees to it, within the transaction, that the stage table holds the rows. */
  void fill(Session session) throws SQLException;

  /** Removes what was staged outside the transaction. Does nothing the second time. */
  void remove();
}
