package io.penstock.jobs.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.tunnel.KnownHosts.Marker;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which lines of a known_hosts file speak of a host. */
class KnownHostsTest {
  private static final String KEY =
      "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  private static final String ED25519 = " ssh-ed25519 " + KEY + " github";
  private static final PresentedKey PRESENTED = PresentedKey.of(Base64.getDecoder().decode(KEY));

  private static KnownHosts known(String line, String host, int port) {
    return KnownHosts.parse(List.of("# a comment", "", line), host, port);
  }

  /** GitHub publishes this key and this fingerprint ("GitHub's SSH key fingerprints"). */
  @Test
  void aFingerprintIsTheOneThatIsPublished() {
    assertThat(PRESENTED.fingerprint())
        .isEqualTo("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    assertThat(PRESENTED.type()).isEqualTo("ssh-ed25519");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          github.com; github.com; 22; true
          GitHub.com; github.COM; 22; true
          github.com; github.com; 2222; true
          [github.com]:2222; github.com; 2222; true
          [github.com]:2222; github.com; 22; false
          [github.com]:2222; github.com; 2223; false
          *.github.com; ssh.github.com; 22; true
          *.github.com; github.com; 22; false
          githu?.com,140.82.121.3; 140.82.121.3; 22; true
          *,!github.com; github.com; 22; false
          *,!github.com; gitlab.com; 22; true
          gitlab.com; github.com; 22; false
          git.ub.com; github.com; 22; false
          """)
  void namesMatchAsOpenSshMatchesThem(String patterns, String host, int port, boolean known) {
    KnownHosts found = known(patterns + ED25519, host, port);

    assertThat(found.has(Marker.TRUSTED, PRESENTED)).isEqualTo(known);
    assertThat(found.algorithms()).isEqualTo(known ? List.of(HostKeyAlgorithm.ED25519) : List.of());
  }

  /** Made by ssh-keygen -H of OpenSSH 9.2. */
  @Test
  void hashedNamesMatch() {
    String plain = "|1|6q5iAhzVDWr3waOsG4zYVvcVxew=|z6eUP/Dt1dOa3LtxFDIZaUTvIS4=";
    String withPort = "|1|MBSv7S9cu+a4DFLwF2QXHfN58uk=|TVOAEVB+Tt1p33WhGg1/mzh8/oo=";
    assertThat(known(plain + ED25519, "github.com", 22).has(Marker.TRUSTED, PRESENTED)).isTrue();
    assertThat(known(plain + ED25519, "gitlab.com", 22).has(Marker.TRUSTED)).isFalse();
    assertThat(known(withPort + ED25519, "github.com", 2222).has(Marker.TRUSTED)).isTrue();
    assertThat(known(withPort + ED25519, "github.com", 22).has(Marker.TRUSTED)).isFalse();
  }

  @Test
  void markersAreNotTrust() {
    KnownHosts revoked = known("@revoked *" + ED25519, "github.com", 22);
    assertThat(revoked.has(Marker.REVOKED, PRESENTED)).isTrue();
    assertThat(revoked.has(Marker.TRUSTED, PRESENTED)).isFalse();
    assertThat(revoked.algorithms()).isEmpty();
    KnownHosts authority = known("@cert-authority *.com" + ED25519, "github.com", 22);
    assertThat(authority.has(Marker.AUTHORITY)).isTrue();
    assertThat(authority.has(Marker.TRUSTED, PRESENTED)).isFalse();
    assertThat(known("@else *" + ED25519, "github.com", 22).has(Marker.TRUSTED)).isFalse();
  }

  @Test
  void linesThatAreDamagedKnowNobody() {
    for (String line :
        List.of(
            "github.com",
            "github.com ssh-ed25519",
            "github.com ssh-ed25519 %%%",
            "|1|%%%|x" + ED25519,
            "|1|only" + ED25519,
            "@revoked")) {
      assertThat(known(line, "github.com", 22).has(Marker.TRUSTED)).as(line).isFalse();
    }
  }
}
