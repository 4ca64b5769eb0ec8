package io.penstock.jobs.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.tunnel.SshTunnels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type of key in every format, locked and not, signs in. */
class SshKeyMatrixIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.tunnelled();
  private static final String PASSPHRASE = "a passphrase, ünlocking";

  @TempDir private Path folder;

  static Stream<List<String>> keys() {
    List<List<String>> keys = new ArrayList<>();
    for (String type : List.of("rsa-2048", "ecdsa-256", "ecdsa-384", "ecdsa-521", "ed25519")) {
      for (String format : List.of("openssh", "pem", "pkcs8")) {
        // Ed25519 has no format of its own in PEM
        if (!(type.equals("ed25519") && format.equals("pem"))) {
          keys.add(List.of(type, format, ""));
          keys.add(List.of(type, format, PASSPHRASE));
        }
      }
    }
    return keys.stream();
  }

  @AfterEach
  void close() {
    SshTunnels.closeAll();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void signsIn(List<String> kind) throws Exception {
    assumeTrue(SshKeys.canMake(), "there is no ssh-keygen or no openssl");
    SshKeys keys = new SshKeys(folder);
    String passphrase = kind.get(2);
    String text =
        switch (kind.get(1)) {
          case "openssh" -> keys.openssh(kind.get(0), passphrase, "key");
          case "pem" -> keys.pem(kind.get(0), passphrase, "key");
          default -> keys.pkcs8(kind.get(0), passphrase, "key");
        };
    Files.writeString(
        SANDBOX.ssh().authorizedKeys(), keys.authorized("key"), StandardOpenOption.APPEND);

    Optional<String> opening = passphrase.isEmpty() ? Optional.empty() : Optional.of(passphrase);
    assertThat(new WayIn(SANDBOX).key(text, opening).query("SELECT 1")).isEqualTo("1");
  }
}
