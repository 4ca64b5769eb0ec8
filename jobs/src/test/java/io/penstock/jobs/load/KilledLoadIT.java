package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.run.RunStatus;
import io.penstock.jobs.load.LoadBoundary.Recorded;
import io.penstock.jobs.load.LoadVictim.Order;
import io.penstock.jobs.load.LoadVictim.Orders;
import io.penstock.jobs.testing.CuttingProxy;
import io.penstock.jobs.testing.CuttingProxy.Fate;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Loads whose process is killed with SIGKILL at the boundaries of their statements, before the
 * server reads one and after it has carried it out, and that run again with the same run id.
 *
 * <p>At every boundary of every kind with {@code -Dpenstock.test.every-boundary=true}; otherwise at
 * those that differ.
 */
final class KilledLoadIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final boolean EVERY = Boolean.getBoolean("penstock.test.every-boundary");
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Loads of one victim; each has a connection to the sandbox's database, which takes 100. */
  private static final int TOGETHER = 20;

  @TempDir Path directory;

  /** A load that is to be held at a boundary. */
  private record Held(LoadBoundary boundary, LoadScene scene, CuttingProxy proxy) {
    Order order() {
      return new Order(boundary.kind(), scene.name(), proxy.port());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theNextRunAppliesWhatAKilledOneBegan(LoadKind kind) throws Exception {
    Recorded recorded = Recorded.of(kind);
    List<LoadBoundary> boundaries = EVERY ? recorded.all() : recorded.distinct();
    int refusedKept = 0;
    for (int from = 0; from < boundaries.size(); from += TOGETHER) {
      List<Held> held = new ArrayList<>();
      for (LoadBoundary boundary :
          boundaries.subList(from, Math.min(boundaries.size(), from + TOGETHER))) {
        held.add(held(boundary));
      }
      killAll(held);
      for (Held one : held) {
        boolean kept = !LoadKind.rejected(one.scene(), directory).isEmpty();
        refusedKept += kept && !one.boundary().isApplied() ? 1 : 0;
        isCompleted(one);
      }
    }
    assertThat(boundaries).filteredOn(LoadBoundary::isApplied).hasSize(1);
    if (kind == LoadKind.REFUSED) {
      assertThat(refusedKept).as("kills between the capture and COMMIT").isGreaterThan(5);
    }
  }

  private Held held(LoadBoundary boundary) throws IOException {
    LoadKind kind = boundary.kind();
    String name =
        "killed_%s_%s%d"
            .formatted(kind.named(), boundary.carriedOut() ? "a" : "b", boundary.number());
    LoadScene scene = kind.scene(SANDBOX, name, directory);
    kind.prepare(scene);
    CuttingProxy proxy =
        new CuttingProxy(
            SANDBOX.redshift().port(),
            boundary.carriedOut() ? Fate.HOLD_AFTER : Fate.HOLD_BEFORE,
            (counted, request) -> counted == boundary.number());
    return new Held(boundary, scene, proxy);
  }

  private void killAll(List<Held> held) throws IOException, InterruptedException {
    Orders orders =
        new Orders(
            SANDBOX.description(), directory.toString(), held.stream().map(Held::order).toList());
    try (LoadVictim victim = LoadVictim.start(directory, orders)) {
      long begin = System.nanoTime();
      for (Held one : held) {
        while (!one.proxy().hasCut()) {
          assertThat(victim.isAlive()).as(victim.said()).isTrue();
          assertThat(System.nanoTime() - begin)
              .as(one.boundary() + victim.said())
              .isLessThan(PATIENCE.toNanos());
          Thread.sleep(5);
        }
      }
      victim.kill();
    }
    for (Held one : held) {
      one.proxy().close();
    }
  }

  private void isCompleted(Held one) throws IOException {
    LoadBoundary boundary = one.boundary();
    LoadKind kind = boundary.kind();
    assertThat(kind.load(one.scene()))
        .as(boundary.toString())
        .isEqualTo(boundary.isApplied() ? RunStatus.ALREADY_DONE : RunStatus.SUCCEEDED);
    kind.requireApplied(one.scene(), boundary.toString());
    assertThat(LoadKind.rejected(one.scene(), directory))
        .as(boundary.toString())
        .isEqualTo(Recorded.of(kind).rejected());
  }
}
