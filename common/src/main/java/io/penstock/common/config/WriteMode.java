package io.penstock.common.config;

/** What a delivery does to what an earlier run left under the same names. */
public enum WriteMode {
  /** Replaces every object that this destination could have written. */
  OVERWRITE,
  FAIL_IF_EXISTS,
  /** Adds files and never replaces those of another run. */
  APPEND
}
