package io.penstock.jobs.deliver;

import io.penstock.jobs.store.PendingObject;
import java.io.Serializable;

/** A complete file that is not visible yet. */
record StagedFile(PendingObject object, long rows) implements Serializable {
  private static final long serialVersionUID = 1L;
}
