package io.penstock.jobs.deliver;

import java.io.Serializable;

/**
 * The one object that all tasks write.
 *
 * @param handle what the store gave the driver for it
 */
record JoinedObject(String key, String handle) implements Serializable {
  private static final long serialVersionUID = 1L;
}
