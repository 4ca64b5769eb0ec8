package io.penstock.sandbox.s3;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The action AssumeRole of AWS STS, in the query protocol (AWS Security Token Service API
 * Reference, "AssumeRole"). No other action, and no session policies, tags or MFA.
 */
final class AssumeRole {
  private static final int LARGEST_FORM = 64 << 10;
  private static final Duration SHORTEST = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofHours(12);
  private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
  private static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:/-]{2,1224}");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");
  private static final Set<String> PARAMETERS =
      Set.of("Action", "Version", "RoleArn", "RoleSessionName", "ExternalId", "DurationSeconds");

  private final Permissions permissions;
  private final AccessKeys keys;
  private final SignedForm forms;

  AssumeRole(Permissions permissions, AccessKeys keys, Sessions sessions) {
    this.permissions = permissions;
    this.keys = keys;
    this.forms = new SignedForm(keys, sessions);
  }

  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    byte[] body = request.getInputStream().readNBytes(LARGEST_FORM);
    try {
      forms.verify(request, body, "sts");
      send(response, 200, assume(SignedForm.parameters(body)));
    } catch (RefusedException e) {
      send(response, e.refusal().status(), QueryXml.error(e.refusal()));
    }
  }

  private String assume(Map<String, String> form) throws RefusedException {
    String action = form.getOrDefault("Action", "");
    if (!action.equals(Operation.ASSUME_ROLE)) {
      throw new RefusedException(
          400, "InvalidAction", "The sandbox knows no action but AssumeRole");
    }
    for (String parameter : form.keySet()) {
      if (!PARAMETERS.contains(parameter)) {
        throw invalid(parameter + " is not supported by the sandbox");
      }
    }
    String arn = form.getOrDefault("RoleArn", "");
    String session = form.getOrDefault("RoleSessionName", "");
    String externalId = form.get("ExternalId");
    if (!SESSION_NAME.matcher(session).matches()) {
      throw invalid("RoleSessionName must match " + SESSION_NAME);
    }
    if (externalId != null && !EXTERNAL_ID.matcher(externalId).matches()) {
      throw invalid("ExternalId must match " + EXTERNAL_ID);
    }
    Duration duration = duration(form.get("DurationSeconds"));
    Role role = role(arn, externalId).orElseThrow(() -> denied(arn));
    return QueryXml.assumed(role, session, keys.id(), keys.issue(duration));
  }

  private Duration duration(@Nullable String text) throws RefusedException {
    Duration asked = Permissions.DEFAULT_SESSION;
    if (text != null) {
      if (!SECONDS.matcher(text).matches()) {
        throw invalid("DurationSeconds is no number");
      }
      asked = Duration.ofSeconds(Integer.parseInt(text));
    }
    if (asked.compareTo(SHORTEST) < 0 || asked.compareTo(LONGEST) > 0) {
      throw invalid("DurationSeconds must be from 900 to 43200");
    }
    if (asked.compareTo(Permissions.DEFAULT_SESSION) > 0) {
      throw invalid(
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    Duration longest = permissions.longestSession();
    return asked.compareTo(longest) < 0 ? asked : longest;
  }

  private Optional<Role> role(String arn, @Nullable String externalId) {
    return permissions.roles().stream()
        .filter(role -> role.arn().equals(arn))
        .filter(role -> role.externalId() == null || role.externalId().equals(externalId))
        .findFirst();
  }

  private static RefusedException denied(String arn) {
    return new RefusedException(
        403,
        "AccessDenied",
        "User: arn:aws:iam::123456789012:user/penstock is not authorized to perform:"
            + " sts:AssumeRole on resource: "
            + arn);
  }

  private static RefusedException invalid(String message) {
    return new RefusedException(400, "ValidationError", message);
  }

  private static void send(HttpServletResponse response, int status, String document)
      throws IOException {
    response.setStatus(status);
    response.setContentType("text/xml");
    response.setHeader("x-amzn-RequestId", UUID.randomUUID().toString());
    response.getOutputStream().write(document.getBytes(StandardCharsets.UTF_8));
  }
}
