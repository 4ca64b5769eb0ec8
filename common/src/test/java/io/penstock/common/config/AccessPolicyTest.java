package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.AccessPolicy.Principal;
import io.penstock.common.config.AccessPolicy.Role;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.ExitCode;
import io.penstock.common.error.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessPolicyTest {
  private static final String PRINCIPALS =
      """
      access {
        principals {
          ada { role = operator, restrict-pii = false }
          ben { role = business, restrict-pii = false }
          cleo {}
          "dan@example.com" { role = operator }
        }
      }
      """;

  @TempDir private Path folder = Path.of("");

  private JobFile load(String access, String destinationKeys) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.conf"),
            """
            job = "small"
            sources { a { format = parquet, path = "a" } }
            destinations {
              open { type = s3, directory = "open", format = csv, allow-business-users = true, allow-limited-pii = true }
              out { type = s3, directory = "out", format = csv %s }
            }
            """
                    .formatted(destinationKeys)
                + access);
    return JobFiles.load(file, Overrides.none());
  }

  private static Optional<PenstockException> refusal(JobFile job, String principal) {
    return Optional.ofNullable(
        catchThrowableOfType(
            PenstockException.class, () -> job.access().requireUse(Optional.of(principal))));
  }

  private List<String> admitted(String destinationKeys) throws IOException {
    JobFile job = load(PRINCIPALS, destinationKeys);
    return List.of("ada", "ben", "cleo", "dan@example.com").stream()
        .filter(principal -> refusal(job, principal).isEmpty())
        .toList();
  }

  @Test
  void readsPrincipalsWithTheLeastRightsByDefault() throws IOException {
    assertThat(load(PRINCIPALS, "").access().principals().orElseThrow())
        .containsEntry("ada", new Principal(Role.OPERATOR, false))
        .containsEntry("cleo", new Principal(Role.BUSINESS, true))
        .containsEntry("dan@example.com", new Principal(Role.OPERATOR, true));
  }

  @Test
  void aDestinationIsOpenToWhomItsFlagsSay() throws IOException {
    assertThat(admitted("")).containsExactly("ada", "dan@example.com");
    assertThat(admitted(", allow-business-users = true"))
        .containsExactly("ada", "ben", "dan@example.com");
    assertThat(admitted(", allow-business-users = true, allow-limited-pii = true"))
        .containsExactly("ada", "ben", "cleo", "dan@example.com");
  }

  @Test
  void refusalsNameTheDestinationAndTheKey() throws IOException {
    PenstockException closed = refusal(load(PRINCIPALS, ""), "ben").orElseThrow();
    assertThat(closed.code()).isEqualTo(ErrorCode.POLICY_REFUSED);
    assertThat(closed.code().exitCode()).isEqualTo(ExitCode.POLICY);
    assertThat(closed.problem()).isEqualTo("the principal \"ben\" may not use destination \"out\"");
    assertThat(closed.remedy()).contains("destinations.out.allow-business-users = true");

    PenstockException limited =
        refusal(load(PRINCIPALS, ", allow-business-users = true"), "cleo").orElseThrow();
    assertThat(limited.remedy()).contains("destinations.out.allow-limited-pii = true");
  }

  @Test
  void aPrincipalThatIsNotNamedIsRefused() throws IOException {
    JobFile job = load(PRINCIPALS, "");

    PenstockException unknown = refusal(job, "Ada").orElseThrow();

    assertThat(unknown.code()).isEqualTo(ErrorCode.POLICY_REFUSED);
    assertThat(unknown.remedy()).contains("access.principals");
    assertThat(refusal(load("access {}", ""), "ada")).isPresent();
  }

  @Test
  void withoutAPolicyOrAPrincipalEverythingMayBeUsedAndNothingSeen() throws IOException {
    JobFile open = load("", "");
    assertThat(refusal(open, "anyone")).isEmpty();
    assertThat(open.access().showsPii(Optional.of("anyone"))).isFalse();
    assertThat(open.access().showsPii(Optional.empty())).isFalse();

    AccessPolicy policy = load(PRINCIPALS, "").access();
    assertThatCode(() -> policy.requireUse(Optional.empty())).doesNotThrowAnyException();
    assertThat(policy.showsPii(Optional.empty())).isFalse();
    assertThat(policy.showsPii(Optional.of("ada"))).isTrue();
    assertThat(policy.showsPii(Optional.of("ben"))).isTrue();
    assertThat(policy.showsPii(Optional.of("cleo"))).isFalse();
    assertThat(policy.showsPii(Optional.of("dan@example.com"))).isFalse();
  }
}
