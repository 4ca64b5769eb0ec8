package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.testing.CuttingProxy;
import io.penstock.jobs.testing.CuttingProxy.Fate;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A place between two of the requests that a load sends.
 *
 * @param number of a request of the load, from 1
 * @param request the text of that
 * @param carriedOut whether the place is after it, its answer not read yet, or before it
 * @param last whether it is the load's last request
 */
record LoadBoundary(LoadKind kind, int number, String request, boolean carriedOut, boolean last) {

  @Override
  public String toString() {
    return kind + (carriedOut ? ", after request " : ", before request ") + number + ": " + request;
  }

  /** Whether the load is applied though it ends here. */
  boolean isApplied() {
    return last && carriedOut;
  }

  /** Where loads can end, found out once by undisturbed loads of each kind. */
  static final class Recorded {
    private static final SandboxProcess SANDBOX = SandboxProcess.shared();
    private static final Map<LoadKind, Recorded> KINDS = new EnumMap<>(LoadKind.class);

    private final List<LoadBoundary> all = new ArrayList<>();
    private final Set<LoadBoundary> distinct = new HashSet<>();
    private final Map<String, String> rejected;

    private Recorded(Map<String, String> rejected) {
      this.rejected = rejected;
    }

    static synchronized Recorded of(LoadKind kind) throws IOException {
      if (KINDS.isEmpty()) {
        Path directory = Files.createTempDirectory("penstock-refused");
        Set<String> ways = new HashSet<>();
        for (LoadKind each : LoadKind.values()) {
          KINDS.put(each, record(each, ways, directory));
        }
      }
      return Objects.requireNonNull(KINDS.get(kind));
    }

    /** Before and after every request. */
    List<LoadBoundary> all() {
      return all;
    }

    /**
     * After every request whose way there no kind before this one shares, and before COMMIT, which
     * differs from being after the request before it: the work is complete.
     */
    List<LoadBoundary> distinct() {
      return all.stream().filter(distinct::contains).toList();
    }

    /** What an undisturbed load leaves of refused rows. */
    Map<String, String> rejected() {
      return rejected;
    }

    private static Recorded record(LoadKind kind, Set<String> ways, Path directory)
        throws IOException {
      // names of the same length: the requests hold the lengths of their parts
      String name = "recorded_" + kind.ordinal();
      LoadScene scene = kind.scene(SANDBOX, name, directory);
      kind.prepare(scene);
      kind.stage(scene);
      List<String> requests;
      try (CuttingProxy proxy =
          new CuttingProxy(SANDBOX.redshift().port(), Fate.CUT_AFTER, (number, request) -> false)) {
        scene.port(proxy.port());
        kind.load(scene);
        requests = proxy.requests();
      }
      kind.requireApplied(scene, "undisturbed");
      assertThat(requests)
          .anyMatch(request -> request.contains("LOCK "))
          .anyMatch(request -> request.contains("COPY "))
          .anyMatch(request -> request.contains("INSERT INTO \"public\""))
          .anyMatch(request -> request.contains("rows_inserted"))
          .last()
          .asString()
          .contains("COMMIT");
      Recorded recorded = new Recorded(LoadKind.rejected(scene, directory));
      String job = scene.run("r").job();
      recorded.add(
          kind,
          requests.stream().map(text -> text.replace(name, "#").replace(job, "#")).toList(),
          ways);
      return recorded;
    }

    private void add(LoadKind kind, List<String> requests, Set<String> ways) {
      for (int number = 1; number <= requests.size(); number++) {
        String request = requests.get(number - 1);
        boolean last = number == requests.size();
        LoadBoundary before = new LoadBoundary(kind, number, request, false, last);
        LoadBoundary after = new LoadBoundary(kind, number, request, true, last);
        all.add(before);
        all.add(after);
        if (ways.add(String.join("\n", requests.subList(0, number)))) {
          distinct.add(after);
          if (last) {
            distinct.add(before);
          }
        }
      }
    }
  }
}
