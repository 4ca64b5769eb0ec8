package io.penstock.jobs.verify;

import io.penstock.common.error.PenstockException;
import io.penstock.jobs.verify.CheckResult.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes checks in their order, each once. After a check failed, the later ones of its target are
 * skipped, and so are those that need the target.
 */
public final class Verification {
  private final Function<Throwable, PenstockException> translation;
  private final Consumer<CheckResult> listener;
  private final Map<String, Check> failed = new HashMap<>();

  /**
   * @param translation of what a check throws into what a user can act on
   * @param listener told of each result as it comes; what it throws ends the verification
   */
  public Verification(
      Function<Throwable, PenstockException> translation, Consumer<CheckResult> listener) {
    this.translation = translation;
    this.listener = listener;
  }

  /** The results, in the order of the checks. */
  public List<CheckResult> run(List<Check> checks) {
    List<CheckResult> results = new ArrayList<>();
    for (Check check : checks) {
      CheckResult result = blocking(check).map(by -> skipped(check, by)).orElseGet(() -> of(check));
      if (result.status() == Status.FAILED) {
        failed.putIfAbsent(check.target(), check);
      }
      results.add(result);
      listener.accept(result);
    }
    return List.copyOf(results);
  }

  private Optional<Check> blocking(Check check) {
    List<String> targets = new ArrayList<>(List.of(check.target()));
    targets.addAll(check.needs());
    return targets.stream().filter(failed::containsKey).map(failed::get).findFirst();
  }

  private static CheckResult skipped(Check check, Check by) {
    String of = by.target().equals(check.target()) ? "" : " of " + by.target();
    return CheckResult.skipped(check, "because \"" + by.name() + "\"" + of + " failed");
  }

  private CheckResult of(Check check) {
    try {
      return check
          .probe()
          .examine()
          .map(found -> CheckResult.ok(check, found))
          .orElseGet(() -> CheckResult.skipped(check, check.otherwise()));
    } catch (Exception failure) {
      return CheckResult.failed(
          check, failure instanceof PenstockException known ? known : translation.apply(failure));
    }
  }
}
