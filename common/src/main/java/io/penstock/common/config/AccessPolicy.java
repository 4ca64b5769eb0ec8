package io.penstock.common.config;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.util.Map;
import java.util.Optional;

/**
 * Which principals may use a job's destinations and see personal data. Without an {@code access}
 * block everyone may use everything; personal data are shown to nobody whom the block does not
 * name.
 *
 * @param principals by name; empty: the job file has no {@code access} block
 * @param admissions by name of the destination
 */
public record AccessPolicy(
    Optional<Map<String, Principal>> principals, Map<String, Admission> admissions) {

  /** The policy of a job file without an {@code access} block. */
  public static AccessPolicy none() {
    return new AccessPolicy(Optional.empty(), Map.of());
  }

  /**
   * Someone on whose behalf commands are run.
   *
   * @param restrictPii whether personal data are hidden from them
   */
  public record Principal(Role role, boolean restrictPii) {}

  /** What a principal is to the job. */
  public enum Role {
    /** Uses the destinations that are open to business users. */
    BUSINESS,
    /** Uses every destination. */
    OPERATOR
  }

  /**
   * Whom a destination is open to, besides operators.
   *
   * @param limitedPii whether that includes business users with restricted access to personal data
   */
  public record Admission(boolean businessUsers, boolean limitedPii) {

    private boolean isOpenTo(Principal principal) {
      return principal.role() == Role.OPERATOR
          || (businessUsers && (limitedPii || !principal.restrictPii()));
    }
  }

  /**
   * Refuses a principal that the policy does not name.
   *
   * @param principal empty: whoever runs the command, for themselves
   * @throws PenstockException {@code POLICY_REFUSED}
   */
  public void requireKnown(Optional<String> principal) {
    if (principal.isPresent() && principals.isPresent() && find(principal).isEmpty()) {
      throw PenstockException.of(
          ErrorCode.POLICY_REFUSED,
          "the principal " + Values.shown(principal.get()) + " is refused",
          "access.principals does not name it",
          "add it to access.principals, or give --principal one of the names there");
    }
  }

  /**
   * Refuses a principal that may not use every destination of the job.
   *
   * @param principal empty: whoever runs the command, for themselves
   * @throws PenstockException {@code POLICY_REFUSED}
   */
  public void requireUse(Optional<String> principal) {
    requireKnown(principal);
    find(principal)
        .ifPresent(
            known ->
                admissions.forEach(
                    (destination, admission) -> {
                      if (!admission.isOpenTo(known)) {
                        throw refused(principal.orElseThrow(), destination, admission);
                      }
                    }));
  }

  private static PenstockException refused(
      String principal, String destination, Admission admission) {
    String key = admission.businessUsers() ? "allow-limited-pii" : "allow-business-users";
    return PenstockException.of(
        ErrorCode.POLICY_REFUSED,
        "the principal "
            + Values.shown(principal)
            + " may not use destination "
            + Values.shown(destination),
        admission.businessUsers()
            ? "it is not open to business users with restricted access to personal data"
            : "it is not open to business users",
        "set destinations."
            + destination
            + "."
            + key
            + " = true, or ask an operator to run the job");
  }

  /** Whether previews show personal data as they are. */
  public boolean showsPii(Optional<String> principal) {
    return find(principal).filter(known -> !known.restrictPii()).isPresent();
  }

  private Optional<Principal> find(Optional<String> principal) {
    return principals.flatMap(
        known -> principal.flatMap(name -> Optional.ofNullable(known.get(name))));
  }
}
