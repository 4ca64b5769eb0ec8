package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunStatus;
import io.penstock.jobs.load.LoadBoundary.Recorded;
import io.penstock.jobs.testing.CuttingProxy;
import io.penstock.jobs.testing.CuttingProxy.Fate;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Loads whose connection breaks after each of the requests that the driver sends, and that run
 * again with the same run id: the table holds what an undisturbed load leaves, once.
 */
final class LoadCutsIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void appliesOnceWhereverTheConnectionBreaks(LoadKind kind) throws IOException {
    assertThat(Recorded.of(kind).distinct()).filteredOn(LoadBoundary::isApplied).hasSize(1);
    for (LoadBoundary boundary : Recorded.of(kind).distinct()) {
      isAppliedOnce(boundary);
    }
  }

  private void isAppliedOnce(LoadBoundary boundary) throws IOException {
    LoadKind kind = boundary.kind();
    String name =
        "cut_%s_%s%d".formatted(kind.named(), boundary.carriedOut() ? "a" : "b", boundary.number());
    LoadScene scene = kind.scene(SANDBOX, name, directory);
    kind.prepare(scene);
    try (CuttingProxy proxy =
        new CuttingProxy(
            SANDBOX.redshift().port(),
            boundary.carriedOut() ? Fate.CUT_AFTER : Fate.CUT_BEFORE,
            (counted, request) -> counted == boundary.number())) {
      scene.port(proxy.port());
      boolean applied = attempt(scene, kind);
      assertThat(proxy.hasCut()).as(boundary.toString()).isTrue();
      assertThat(applied).as(boundary.toString()).isEqualTo(boundary.isApplied());
    }
    scene.port(SANDBOX.redshift().port());
    assertThat(kind.load(scene))
        .as(boundary.toString())
        .isEqualTo(boundary.isApplied() ? RunStatus.ALREADY_DONE : RunStatus.SUCCEEDED);
    kind.requireApplied(scene, boundary.toString());
    assertThat(LoadKind.rejected(scene, directory))
        .as(boundary.toString())
        .isEqualTo(Recorded.of(kind).rejected());
  }

  private static boolean attempt(LoadScene scene, LoadKind kind) {
    try {
      kind.load(scene);
      return true;
    } catch (PenstockException broken) {
      assertThat(broken.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
      return false;
    }
  }
}
