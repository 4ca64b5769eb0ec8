package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.plan.DatabaseUse;
import io.penstock.common.plan.DatabaseUser;
import io.penstock.common.plan.GrantStatements;
import io.penstock.common.plan.GrantStatements.Step;
import io.penstock.common.plan.GrantStatements.When;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "grants",
    description =
        "Prints, in the order to run them, the SQL statements that create the user, the state"
            + " schema and the permissions of a job. Touches nothing.")
final class GrantsCommand extends JobCommand {
  @Option(
      names = "--password",
      paramLabel = "HOW",
      description =
          "of users that are to be created: generated, a new one each time, or placeholder"
              + " (default ${DEFAULT-VALUE})",
      defaultValue = "generated")
  private NewPasswords.How password = NewPasswords.How.GENERATED;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "a file with the password of the job's user; printed as the digest that Redshift takes"
              + " in its place")
  private @Nullable Path passwordFile;

  @Option(
      names = "--existing-tables",
      description = "the tables are there and belong to others: grants on them are no comments")
  private boolean existingTables;

  @Option(names = "--optional", description = "optional statements are no comments")
  private boolean optional;

  @Override
  public Integer call() {
    JobFile file = load();
    Map<DatabaseUser, DatabaseUse> users = DatabaseUser.of(file);
    NewPasswords passwords = new NewPasswords(password, passwordFile, users.keySet());
    ArrayNode databases = new ObjectMapper().createArrayNode();
    users.forEach(
        (user, use) -> {
          List<Step> steps = GrantStatements.of(user, use, passwords);
          databases.add(document(user, steps));
          if (!wantsJson()) {
            print(user, use, steps);
          }
        });
    if (wantsJson()) {
      ObjectNode document = new ObjectMapper().createObjectNode();
      document.put("job", file.job()).set("users", databases);
      out().println(document);
    } else if (users.isEmpty() && !isQuiet()) {
      comment(
          "Job " + file.job() + " has no source and no destination in Redshift: nothing to grant");
    }
    out().flush();
    return 0;
  }

  private void print(DatabaseUser user, DatabaseUse use, List<Step> steps) {
    comment("For the " + user + ", to be run there by a superuser in this order");
    for (SourceConfig source : use.reads()) {
      passwordPlace("sources." + source.name(), ((RedshiftSource) source.format()).connection());
    }
    for (RedshiftDestination load : use.loads()) {
      passwordPlace("destinations." + load.name(), load.connection());
    }
    Set<When> statements = statements();
    for (Step step : steps) {
      comment(step.purpose());
      String sql = step.statement().sql() + ";";
      out().println(statements.contains(step.when()) ? sql : "-- " + sql);
    }
  }

  private void passwordPlace(String block, RedshiftConnection connection) {
    if (connection.login() instanceof PasswordLogin login) {
      comment(
          "Its password goes where " + block + ".connection.password looks: " + login.password());
    }
  }

  private Set<When> statements() {
    Set<When> statements = EnumSet.of(When.ALWAYS);
    if (existingTables) {
      statements.add(When.TABLE_EXISTS);
    }
    if (optional) {
      statements.add(When.OPTIONAL);
    }
    return statements;
  }

  /** A line that no client executes, whatever the names within it hold. */
  private void comment(String text) {
    if (!isQuiet()) {
      out().println("-- " + text.replaceAll("\\R", " "));
    }
  }

  private static ObjectNode document(DatabaseUser user, List<Step> steps) {
    ObjectNode node =
        new ObjectMapper()
            .createObjectNode()
            .put("host", user.host())
            .put("port", user.port())
            .put("database", user.database())
            .put("user", user.name());
    ArrayNode statements = node.putArray("statements");
    for (Step step : steps) {
      statements
          .addObject()
          .put("sql", step.statement().sql())
          .put("purpose", step.purpose())
          .put("when", step.when().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return node;
  }
}
