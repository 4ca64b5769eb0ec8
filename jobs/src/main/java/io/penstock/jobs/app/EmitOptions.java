package io.penstock.jobs.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.common.config.ScheduleConfig;
import io.penstock.common.emit.AirflowDag;
import io.penstock.common.emit.Crontab;
import io.penstock.common.emit.Emission;
import io.penstock.common.emit.EmrStart;
import io.penstock.common.emit.EventBridgeSchedule;
import io.penstock.common.emit.StateMachine;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code schedule --emit}: what the definition is to hold. */
final class EmitOptions {
  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+");
  private static final Pattern MACHINE =
      Pattern.compile("arn:aws[a-z-]*:states:[a-z0-9-]+:\\d{12}:stateMachine:[\\w.:-]+");
  private static final Pattern REMOTE = Pattern.compile("(s3|s3a|hdfs)://\\S+");

  @Option(
      names = "--emit",
      paramLabel = "FORM",
      converter = FormConverter.class,
      description = "prints a definition: cron, airflow, eventbridge or step-functions")
  private @Nullable Form form;

  @Option(
      names = "--application-id",
      paramLabel = "ID",
      description = "the application of EMR Serverless that runs the job")
  private @Nullable String applicationId;

  @Option(
      names = "--execution-role",
      paramLabel = "ARN",
      description = "the role that the job has on EMR Serverless")
  private @Nullable String executionRole;

  @Option(
      names = "--cluster-id",
      paramLabel = "ID",
      description =
          "the cluster of EMR on EC2 that runs the job as a step, in place of --application-id")
  private @Nullable String clusterId;

  @Option(
      names = "--jar",
      paramLabel = "LOCATION",
      description = "where penstock-jobs.jar lies, such as s3://acme-artifacts/penstock-jobs.jar")
  private @Nullable String jar;

  @Option(
      names = "--job-location",
      paramLabel = "LOCATION",
      description = "where EMR finds the job file; default: JOBFILE, if that is not local")
  private @Nullable String jobLocation;

  @Option(
      names = "--spark-argument",
      paramLabel = "ARGUMENT",
      description = "one argument for spark-submit, such as --spark-argument=--conf; repeatable")
  private List<String> sparkArguments = new ArrayList<>();

  @Option(
      names = "--scheduler-role",
      paramLabel = "ARN",
      description = "eventbridge: the role with which the scheduler starts the job")
  private @Nullable String schedulerRole;

  @Option(
      names = "--state-machine",
      paramLabel = "ARN",
      description = "eventbridge: start this state machine, made of --emit step-functions")
  private @Nullable String stateMachine;

  @Option(names = "--cron-tz", description = "cron: the cron knows CRON_TZ, as cronie does")
  private boolean cronTz;

  private enum Form {
    CRON,
    AIRFLOW,
    EVENTBRIDGE,
    STEP_FUNCTIONS;

    static final List<String> WORDS = List.of("cron", "airflow", "eventbridge", "step-functions");
  }

  private static final class FormConverter implements ITypeConverter<Form> {
    @Override
    public Form convert(String word) {
      int form = Form.WORDS.indexOf(word);
      if (form < 0) {
        throw new TypeConversionException("expected one of " + String.join(", ", Form.WORDS));
      }
      return Form.values()[form];
    }
  }

  boolean isAsked() {
    return form != null;
  }

  /** The text of the definition; with {@code --json} a document that holds it. */
  String definition(String job, ScheduleConfig schedule, Instant now, JobCommand command) {
    Form asked = requireForm();
    Emission emission =
        new Emission(start(job, command), schedule.text(), schedule.schedule(), now);
    ObjectNode document = new ObjectMapper().createObjectNode();
    document.put("job", job).put("form", Form.WORDS.get(asked.ordinal()));
    if (asked == Form.CRON || asked == Form.AIRFLOW) {
      String text = asked == Form.CRON ? Crontab.text(emission, cronTz) : AirflowDag.text(emission);
      return command.wantsJson() ? document.put("definition", text) + "\n" : text;
    }
    ObjectNode definition =
        asked == Form.EVENTBRIDGE
            ? EventBridgeSchedule.document(
                emission,
                matching("--scheduler-role", schedulerRole, ROLE),
                Optional.ofNullable(stateMachine)
                    .map(arn -> matching("--state-machine", arn, MACHINE)))
            : StateMachine.document(emission);
    document.set("definition", definition);
    return (command.wantsJson() ? document.toString() : definition.toPrettyString()) + "\n";
  }

  private Form requireForm() {
    if (form == null) {
      throw new IllegalStateException("no form was asked for");
    }
    return form;
  }

  private EmrStart start(String job, JobCommand command) {
    requireAll();
    String jobFile = jobLocation == null ? command.jobFileName() : jobLocation;
    if (!REMOTE.matcher(jobFile).matches()) {
      throw usage(
          "EMR cannot read the job file " + jobFile,
          "it is on this machine",
          "copy it to S3 and say --job-location s3://bucket/path.conf");
    }
    for (String argument : sparkArguments) {
      if (argument.isEmpty() || argument.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '\'')) {
        throw usage(
            "a --spark-argument holds a blank or a quote",
            "EMR Serverless separates arguments at blanks",
            "write --spark-argument=--conf --spark-argument=spark.executor.memory=4g");
      }
    }
    return new EmrStart(
        job,
        where(),
        matching("--jar", jar, REMOTE),
        jobFile,
        command.carriedOptions(),
        sparkArguments);
  }

  private void requireAll() {
    List<String> missing = new ArrayList<>();
    if (applicationId == null && clusterId == null) {
      missing.add("--application-id with --execution-role, or --cluster-id");
    } else if (applicationId != null && executionRole == null) {
      missing.add("--execution-role");
    }
    if (jar == null) {
      missing.add("--jar");
    }
    if (form == Form.EVENTBRIDGE && schedulerRole == null) {
      missing.add("--scheduler-role");
    }
    if (!missing.isEmpty()) {
      throw usage(
          "--emit says what starts the job, but not all of where and how",
          "the command line lacks " + String.join("; ", missing),
          "add it; penstock schedule --help explains each");
    }
    if (clusterId != null && (applicationId != null || executionRole != null)) {
      throw usage(
          "--cluster-id stands beside --application-id or --execution-role",
          "a step has the role of its cluster, and a job runs in one place",
          "leave one of the two out");
    }
  }

  private EmrStart.Where where() {
    return clusterId == null
        ? new EmrStart.Serverless(
            matching("--application-id", applicationId, Pattern.compile("[0-9a-z]{1,64}")),
            matching("--execution-role", executionRole, ROLE))
        : new EmrStart.Cluster(
            matching("--cluster-id", clusterId, Pattern.compile("j-[0-9A-Z]{1,64}")));
  }

  private static String matching(String option, @Nullable String value, Pattern form) {
    if (value == null || !form.matcher(value).matches()) {
      throw usage(
          option + " is not what its name says",
          "it does not match " + form,
          "write it as the console or the command line of AWS shows it");
    }
    return value;
  }

  private static PenstockException usage(String problem, String cause, String remedy) {
    return PenstockException.of(ErrorCode.USAGE, problem, cause, remedy);
  }
}
