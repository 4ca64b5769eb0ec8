package io.penstock.common.config;

/** What is done to a whole delivered file. */
public enum Encoding {
  NONE,
  GZIP
}
