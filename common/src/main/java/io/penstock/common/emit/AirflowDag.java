package io.penstock.common.emit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schedule.CronLine;
import io.penstock.common.schedule.IntervalSchedule;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** A DAG of Apache Airflow 2.4 or later, with the operators of its Amazon provider. */
public final class AirflowDag {
  private static final String FORM = "Airflow";
  private static final DateTimeFormatter START =
      DateTimeFormatter.ofPattern("yyyy, M, d, H, m", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Holds the scheduled time, and stays the same when a task is tried again. */
  private static final String RUN_ID = "{{ run_id }}";

  private AirflowDag() {}

  /**
   * @throws PenstockException {@code SCHEDULE_NOT_EXPRESSIBLE} where no timetable that Airflow
   *     brings is exact
   */
  public static String text(Emission emission) {
    Timetable timetable = timetable(emission);
    boolean serverless = emission.start().where() instanceof EmrStart.Serverless;
    String operator = serverless ? "EmrServerlessStartJobOperator" : "EmrAddStepsOperator";
    return """
    ${title}

    from datetime import datetime, timedelta, timezone

    from airflow import DAG
    from airflow.providers.amazon.aws.operators.emr import ${operator}
    ${import}

    with DAG(
        dag_id=${job},
        schedule=${schedule},
        start_date=datetime(${start}, tzinfo=timezone.utc),
        catchup=${catchup},
        max_active_runs=1,
    ):
        ${operator}(
            task_id="run",
    ${arguments}
            wait_for_completion=True,
            retries=2,
            retry_delay=timedelta(minutes=1),
        )
    """
        .replace("${title}", literal(emission.start().job() + ": " + emission.words()))
        .replace("${operator}", operator)
        .replace("${import}", timetable.imported())
        .replace("${job}", literal(emission.start().job()))
        .replace("${schedule}", timetable.made())
        .replace("${start}", START.format(timetable.start()))
        .replace("${catchup}", timetable.catchUp() ? "True" : "False")
        .replace("${arguments}", arguments(emission.start()));
  }

  private record Timetable(String imported, String made, Instant start, boolean catchUp) {}

  private static Timetable timetable(Emission emission) {
    Optional<CronLine> cron = emission.cron();
    if (cron.isPresent()) {
      emission.requireClearOfClockChanges(FORM);
      return new Timetable(
          "from airflow.timetables.trigger import CronTriggerTimetable",
          "CronTriggerTimetable(%s, timezone=%s)"
              .formatted(literal(cron.get().crontab()), literal(emission.cronZone().getId())),
          emission.nextRun(),
          false);
    }
    if (emission.schedule() instanceof IntervalSchedule interval) {
      // Without catching up, Airflow rounds the first run to multiples of its own.
      return new Timetable(
          "from airflow.timetables.interval import DeltaDataIntervalTimetable",
          "DeltaDataIntervalTimetable(timedelta(minutes=%d))"
              .formatted(interval.every().toMinutes()),
          emission.nextRun().minus(interval.every()),
          true);
    }
    throw emission.refused(
        FORM,
        "the timetables that it brings are one cron expression, or an interval that does not keep"
            + " to the clock of "
            + emission.schedule().zone(),
        "write zone = \"UTC\", or an interval of whole hours that divides a day");
  }

  private static String arguments(EmrStart start) {
    StringBuilder text = new StringBuilder();
    if (start.where() instanceof EmrStart.Cluster cluster) {
      argument(text, "job_flow_id", templated(TextNode.valueOf(cluster.clusterId())));
      ObjectNode step = start.step(RUN_ID);
      argument(text, "steps", "[" + templated(step) + "]");
      return text.toString().stripTrailing();
    }
    JsonNode request = Crontab.ofCommandLine(start.startJobRun(RUN_ID));
    argument(text, "application_id", templated(request.path("applicationId")));
    argument(text, "execution_role_arn", templated(request.path("executionRoleArn")));
    argument(text, "job_driver", templated(request.path("jobDriver")));
    argument(text, "config", "{\"name\": " + literal(start.job()) + "}");
    return text.toString().stripTrailing();
  }

  private static void argument(StringBuilder text, String name, String value) {
    text.append("        ").append(name).append('=').append(value).append(",\n");
  }

  /** Texts of JSON are texts of Python. */
  private static String literal(String text) {
    return TextNode.valueOf(text).toString();
  }

  /**
   * A value of fields that Airflow takes for Jinja templates: whatever begins a template is written
   * as one that yields it, except for the run id.
   */
  private static String templated(JsonNode value) {
    return escaped(value.deepCopy()).toPrettyString().replace("\n", "\n        ");
  }

  private static JsonNode escaped(JsonNode value) {
    if (value instanceof ObjectNode object) {
      object.fields().forEachRemaining(member -> member.setValue(escaped(member.getValue())));
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, escaped(array.get(i)));
      }
    } else if (value.isTextual()) {
      return TextNode.valueOf(plain(value.asText()));
    }
    return value;
  }

  private static String plain(String text) {
    return text.equals(RUN_ID) ? text : text.replaceAll("\\{(?=[{%#])", "{{ '{' }}");
  }
}
