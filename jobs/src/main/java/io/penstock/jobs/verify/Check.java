package io.penstock.jobs.verify;

import java.util.List;
import java.util.Optional;

/**
 * One live validation.
 *
 * @param target what is examined: a path of the job file, such as {@code destinations.exports}
 * @param name such as {@code Bucket region}
 * @param needs other targets, none of whose checks may have failed
 * @param otherwise what to say where there is nothing to examine
 */
public record Check(String target, String name, List<String> needs, Probe probe, String otherwise) {

  public Check(String target, String name, Probe probe) {
    this(target, name, List.of(), probe, "nothing to examine");
  }

  /** Examines; is called once. */
  @FunctionalInterface
  public interface Probe {
    /**
     * What was found, in a few words; empty where there is nothing to examine.
     *
     * @throws io.penstock.common.error.PenstockException with the key to change
     * @throws Exception of Spark, which the verification translates
     */
    Optional<String> examine() throws Exception;
  }

  /** A check that always has something to examine. */
  public static Check of(String target, String name, Finding finding) {
    return of(target, name, List.of(), finding);
  }

  /** A check that always has something to examine, and depends on other targets. */
  public static Check of(String target, String name, List<String> needs, Finding finding) {
    return new Check(target, name, needs, () -> Optional.of(finding.find()), "");
  }

  /** Examines and answers what was found. */
  @FunctionalInterface
  public interface Finding {
    String find() throws Exception;
  }
}
