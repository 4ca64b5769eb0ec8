package io.penstock.common.config;

import io.penstock.common.config.AccessPolicy.Admission;
import io.penstock.common.config.AccessPolicy.Principal;
import io.penstock.common.config.AccessPolicy.Role;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the block {@code access}, and the keys of destinations that belong to it. */
final class AccessPolicyParser {
  private AccessPolicyParser() {}

  /**
   * @param admissions of the destinations, by name
   */
  static AccessPolicy parse(Section root, Map<String, Admission> admissions) {
    Optional<Map<String, Principal>> principals =
        root.optionalBlock("access").map(AccessPolicyParser::principals);
    return new AccessPolicy(principals, Collections.unmodifiableMap(admissions));
  }

  private static Map<String, Principal> principals(Section access) {
    Map<String, Principal> principals = new TreeMap<>();
    Section block = access.block("principals");
    for (String name : block.object().keySet()) {
      block.optionalBlock(name).ifPresent(principal -> principals.put(name, principal(principal)));
    }
    access.finish();
    return principals;
  }

  private static Principal principal(Section section) {
    Role role = section.constant("role", Role.class, List.of());
    boolean restrictPii = !section.mentions("restrict-pii") || section.flag("restrict-pii");
    section.finish();
    return new Principal(role, restrictPii);
  }

  /**
   * @param destination the block over the defaults
   */
  static Admission admission(Section destination) {
    boolean businessUsers = destination.flag("allow-business-users");
    boolean limitedPii = destination.flag("allow-limited-pii");
    if (limitedPii && !businessUsers) {
      destination.conflict(
          "allow-limited-pii",
          "opens the destination to some business users, and allow-business-users to none",
          "write allow-business-users = true, or remove allow-limited-pii");
    }
    return new Admission(businessUsers, limitedPii);
  }
}
