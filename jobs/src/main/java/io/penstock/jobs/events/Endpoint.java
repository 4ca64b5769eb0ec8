package io.penstock.jobs.events;

/** Takes batches. */
@FunctionalInterface
interface Endpoint {
  /** One attempt. What goes wrong on the way is an answer too. */
  Answer post(byte[] body) throws InterruptedException;
}
