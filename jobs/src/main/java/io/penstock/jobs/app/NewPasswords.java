package io.penstock.jobs.app;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DatabaseUser;
import io.penstock.common.secret.RedshiftPassword;
import io.penstock.common.secret.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code CREATE USER} is printed with: a password that was made for it, a placeholder that
 * Redshift refuses, or the digest of a password that was given. Never a password that a job file
 * holds or refers to.
 */
final class NewPasswords implements UnaryOperator<String> {
  /** Where the password of a user comes from. */
  enum How {
    GENERATED,
    PLACEHOLDER
  }

  /** Has neither an upper-case letter nor a digit, so that nobody is created with it. */
  private static final String PLACEHOLDER = "<password>";

  private final SecureRandom random = new SecureRandom();
  private final How how;
  private final @Nullable RedshiftPassword given;
  private final Set<String> signingIn;

  /**
   * @param file with the password of the users that the job signs in as
   * @throws PenstockException {@code SECRET_UNRESOLVED} for a file that cannot be read, {@code
   *     USAGE} for a password that Redshift would refuse
   */
  NewPasswords(How how, @Nullable Path file, Set<DatabaseUser> users) {
    this.how = how;
    this.given = file == null ? null : given(file);
    this.signingIn = users.stream().map(DatabaseUser::name).collect(Collectors.toSet());
  }

  private static RedshiftPassword given(Path file) {
    String text = Stores.secrets().resolve(new Secret.SecretFile(file.toString()));
    RedshiftPassword.problemOf(text)
        .ifPresent(
            problem -> {
              throw PenstockException.of(
                  ErrorCode.USAGE,
                  "the password of --password-file is none that Redshift takes",
                  "it " + problem,
                  "write one of 8 to 64 characters with an upper-case letter, a lower-case letter"
                      + " and a digit, or leave the option out and have one generated");
            });
    return new RedshiftPassword(text);
  }

  @Override
  public String apply(String user) {
    if (given != null && signingIn.contains(user)) {
      return given.digestFor(user);
    }
    return how == How.PLACEHOLDER ? PLACEHOLDER : RedshiftPassword.generate(random).value();
  }
}
