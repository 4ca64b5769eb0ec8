package io.penstock.common.emit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schedule.CronLine;
import io.penstock.common.schedule.Schedules;
import java.util.List;

/**
 * Lines of crontab that call the AWS command line. The run id is the minute in which cron starts
 * the line, in UTC.
 */
public final class Crontab {
  private static final String FORM = "crontab";

  /** What cron(8) by Paul Vixie reads of a line. */
  private static final int LONGEST = 998;

  private static final String RUN_ID = "the-run-id-of-this-start";

  private Crontab() {}

  /**
   * @param knowsZones whether the cron has {@code CRON_TZ}, as cronie does
   * @throws PenstockException {@code SCHEDULE_NOT_EXPRESSIBLE} where crontab cannot say the
   *     schedule exactly
   */
  public static String text(Emission emission, boolean knowsZones) {
    List<CronLine> lines = lines(emission, knowsZones);
    StringBuilder text = new StringBuilder();
    text.append("# ").append(emission.start().job()).append(": ").append(emission.words());
    text.append('\n');
    if (knowsZones) {
      text.append("CRON_TZ=").append(emission.cronZone()).append('\n');
    } else {
      text.append("# For a host whose clock is set to UTC.\n");
    }
    String command = command(emission.start());
    for (CronLine line : lines) {
      String whole = line.crontab() + " " + command;
      if (whole.length() > LONGEST) {
        throw PenstockException.of(
            ErrorCode.USAGE,
            "the line for crontab is too long",
            "it has " + whole.length() + " characters, and crons read " + LONGEST,
            "use another form, or put what -D and --spark-argument say into the job file");
      }
      text.append(whole).append('\n');
    }
    return text.toString();
  }

  private static List<CronLine> lines(Emission emission, boolean knowsZones) {
    List<CronLine> lines =
        emission
            .crons()
            .orElseThrow(
                () ->
                    emission.refused(
                        FORM,
                        "it names times of the day, and no whole number of the interval is a day",
                        "use --emit eventbridge or airflow, or an interval that divides a day"));
    if (!knowsZones && !Schedules.isUtc(emission.cronZone())) {
      throw emission.refused(
          FORM,
          "crons run on the clock of their host",
          "add --cron-tz where the cron has CRON_TZ (cronie, of Amazon Linux and Fedora, has), or"
              + " write zone = \"UTC\"");
    }
    if (emission.firstRun().isPresent()) {
      throw emission.refused(
          FORM,
          "its lines have no first day, and the first run is yet to come",
          "emit it after the first run, or write starting-at without a date");
    }
    emission.requireClearOfClockChanges(FORM);
    return lines;
  }

  private static String command(EmrStart start) {
    return (start.where() instanceof EmrStart.Serverless serverless
            ? jobRun(start, serverless)
            : step(start, (EmrStart.Cluster) start.where()))
        .replace("%", "\\%")
        .replace(RUN_ID, "'\"$(date -u +\\%Y-\\%m-\\%dT\\%H:\\%M:00Z)\"'");
  }

  private static String jobRun(EmrStart start, EmrStart.Serverless serverless) {
    JsonNode driver = ofCommandLine(start.startJobRun(RUN_ID).path("JobDriver"));
    return String.join(
        " ",
        "aws emr-serverless start-job-run --application-id",
        quoted(serverless.applicationId()),
        "--execution-role-arn",
        quoted(serverless.executionRole()),
        "--name",
        quoted(start.job()),
        "--job-driver",
        quoted(driver.toString()));
  }

  private static String step(EmrStart start, EmrStart.Cluster cluster) {
    return "aws emr add-steps --cluster-id "
        + quoted(cluster.clusterId())
        + " --steps "
        + quoted("[" + stepOfCommandLine(start) + "]");
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9@+=:,./_-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** Names of members begin with a small letter there. */
  static JsonNode ofCommandLine(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    ObjectNode renamed = JsonNodeFactory.instance.objectNode();
    object
        .fields()
        .forEachRemaining(
            member ->
                renamed.set(
                    Character.toLowerCase(member.getKey().charAt(0)) + member.getKey().substring(1),
                    ofCommandLine(member.getValue())));
    return renamed;
  }

  /** {@code add-steps} has a form of its own, with the jar's members beside the name. */
  private static ObjectNode stepOfCommandLine(EmrStart start) {
    ObjectNode step = start.step(RUN_ID);
    ObjectNode flat = JsonNodeFactory.instance.objectNode().put("Type", "CUSTOM_JAR");
    flat.setAll(step);
    flat.setAll((ObjectNode) flat.remove("HadoopJarStep"));
    return flat;
  }
}
