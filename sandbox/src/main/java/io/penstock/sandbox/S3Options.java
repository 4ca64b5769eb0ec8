package io.penstock.sandbox;

import io.penstock.sandbox.s3.AccessKey;
import io.penstock.sandbox.s3.Permissions;
import io.penstock.sandbox.s3.Role;
import io.penstock.sandbox.s3.S3Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the embedded S3 serves as, and whom it lets in. */
final class S3Options {
  @Option(
      names = "--region",
      paramLabel = "R",
      description = "The region that requests are signed for; ${DEFAULT-VALUE}.")
  private String region = S3Settings.DEFAULT_REGION;

  @Option(
      names = "--role",
      paramLabel = "arn=ARN,external-id=ID",
      converter = RoleConverter.class,
      description = "A role that may be assumed; without it one that the ready line names.")
  private List<Role> roles = new ArrayList<>();

  @Option(
      names = "--role-seconds",
      paramLabel = "N",
      description = "Keys of a role expire after N seconds, whatever is asked for; for tests.")
  private long roleSeconds = Permissions.DEFAULT_SESSION.toSeconds();

  @Option(
      names = "--kms-key",
      paramLabel = "ID",
      description =
          "A key that objects may be encrypted with; without it one that the ready line"
              + " names.")
  private List<String> kmsKeys = new ArrayList<>();

  String region() {
    return region;
  }

  Permissions permissions(AccessKey owner) {
    return new Permissions(
        owner,
        roles.isEmpty() ? List.of(Role.DEFAULT) : roles,
        Duration.ofSeconds(roleSeconds),
        kmsKeys.isEmpty() ? List.of(Permissions.defaultKmsKey(region)) : kmsKeys);
  }

  static final class RoleConverter implements ITypeConverter<Role> {
    @Override
    public Role convert(String text) {
      try {
        return Role.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
