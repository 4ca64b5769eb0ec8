package io.penstock.sandbox.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Temporary logins: GetClusterCredentials and GetClusterCredentialsWithIAM of the Amazon Redshift
 * API Reference, in the query protocol, and GetCredentials of Redshift Serverless, in JSON 1.1. No
 * other action; of the first, neither AutoCreate nor DbGroups.
 */
final class DatabaseLogins {
  private static final String CLUSTERS = "redshift";
  private static final String SERVERLESS = "redshift-serverless";
  private static final String TARGET = "X-Amz-Target";
  private static final String GET_CREDENTIALS = "RedshiftServerless.GetCredentials";
  private static final String OF_USER = "GetClusterCredentials";
  private static final String OF_IDENTITY = "GetClusterCredentialsWithIAM";

  /** Whom the owner's AWS identity is in the database: its administrator. */
  private static final String ADMINISTRATOR = "awsuser";

  private static final int LARGEST = 64 << 10;
  private static final int SHORTEST_SECONDS = 900;
  private static final int LONGEST_SECONDS = 3600;
  private static final Pattern SCOPE =
      Pattern.compile("Credential=[^/]+/\\d{8}/[^/]+/" + CLUSTERS + "/aws4_request");
  private static final Pattern USER = Pattern.compile("[A-Za-z_][\\w+.@-]{0,127}");
  private static final Set<String> PARAMETERS =
      Set.of(
          "Action",
          "Version",
          "ClusterIdentifier",
          "DbUser",
          "DbName",
          "DurationSeconds",
          "AutoCreate");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Permissions permissions;
  private final SignedForm forms;
  private final LoginIssuer issuer;

  DatabaseLogins(Permissions permissions, SignedForm forms, LoginIssuer issuer) {
    this.permissions = permissions;
    this.forms = forms;
    this.issuer = issuer;
  }

  static boolean isFor(HttpServletRequest request) {
    String authorization = String.valueOf(request.getHeader("Authorization"));
    return isServerless(request) || SCOPE.matcher(authorization).find();
  }

  private static boolean isServerless(HttpServletRequest request) {
    return String.valueOf(request.getHeader(TARGET)).startsWith("RedshiftServerless.");
  }

  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    byte[] body = request.getInputStream().readNBytes(LARGEST);
    response.setHeader("x-amzn-RequestId", UUID.randomUUID().toString());
    if (isServerless(request)) {
      answerJson(request, body, response);
      return;
    }
    try {
      forms.verify(request, body, CLUSTERS);
      send(response, 200, "text/xml", ofCluster(SignedForm.parameters(body)));
    } catch (RefusedException e) {
      send(response, e.refusal().status(), "text/xml", QueryXml.error(e.refusal()));
    }
  }

  private String ofCluster(Map<String, String> form) throws RefusedException, IOException {
    String action = form.getOrDefault("Action", "");
    if (!action.equals(OF_USER) && !action.equals(OF_IDENTITY)) {
      throw new RefusedException(400, "InvalidAction", "The sandbox knows no action " + action);
    }
    for (String parameter : form.keySet()) {
      if (!PARAMETERS.contains(parameter)) {
        throw invalid(parameter + " is not supported by the sandbox");
      }
    }
    if (Boolean.parseBoolean(form.get("AutoCreate"))) {
      throw invalid("AutoCreate is not supported by the sandbox");
    }
    if (!Permissions.CLUSTER.equals(form.get("ClusterIdentifier"))) {
      throw new RefusedException(
          404, "ClusterNotFound", "Cluster " + form.get("ClusterIdentifier") + " not found.");
    }
    String user = action.equals(OF_USER) ? form.getOrDefault("DbUser", "") : ADMINISTRATOR;
    return QueryXml.login(action, issue(user, form.get("DurationSeconds")));
  }

  private void answerJson(HttpServletRequest request, byte[] body, HttpServletResponse response)
      throws IOException {
    try {
      forms.verify(request, body, SERVERLESS);
      if (!GET_CREDENTIALS.equals(request.getHeader(TARGET))) {
        throw new RefusedException(
            400, "UnknownOperationException", "The sandbox knows GetCredentials alone");
      }
      send(response, 200, "application/x-amz-json-1.1", ofWorkgroup(JSON.readTree(body)));
    } catch (RefusedException e) {
      ObjectNode error = JSON.createObjectNode();
      error.put("__type", e.refusal().code()).put("message", e.refusal().message());
      send(response, e.refusal().status(), "application/x-amz-json-1.1", error.toString());
    } catch (JsonProcessingException e) {
      send(response, 400, "application/x-amz-json-1.1", "{\"__type\":\"SerializationException\"}");
    }
  }

  private String ofWorkgroup(JsonNode asked) throws RefusedException, IOException {
    if (!Permissions.WORKGROUP.equals(asked.path("workgroupName").asText())) {
      throw new RefusedException(
          400,
          "ResourceNotFoundException",
          "Workgroup " + asked.path("workgroupName").asText() + " not found.");
    }
    String seconds = asked.has("durationSeconds") ? asked.get("durationSeconds").asText() : null;
    LoginIssuer.Login login = issue(ADMINISTRATOR, seconds);
    return JSON.createObjectNode()
        .put("dbUser", login.user())
        .put("dbPassword", login.password())
        .put("expiration", login.expires().getEpochSecond())
        .toString();
  }

  private LoginIssuer.Login issue(String user, @Nullable String seconds)
      throws RefusedException, IOException {
    if (!USER.matcher(user).matches()) {
      throw invalid("DbUser must match " + USER);
    }
    String asked = seconds == null ? String.valueOf(SHORTEST_SECONDS) : seconds;
    if (!asked.matches("\\d{1,5}")
        || Integer.parseInt(asked) < SHORTEST_SECONDS
        || Integer.parseInt(asked) > LONGEST_SECONDS) {
      throw invalid("DurationSeconds must be from 900 to 3600");
    }
    Duration lifetime = Duration.ofSeconds(Integer.parseInt(asked));
    Duration longest = permissions.longestSession();
    return issuer.issue(user, lifetime.compareTo(longest) < 0 ? lifetime : longest);
  }

  private static RefusedException invalid(String message) {
    return new RefusedException(400, "InvalidParameterValue", message);
  }

  private static void send(HttpServletResponse response, int status, String type, String document)
      throws IOException {
    response.setStatus(status);
    response.setContentType(type);
    response.getOutputStream().write(document.getBytes(StandardCharsets.UTF_8));
  }
}
