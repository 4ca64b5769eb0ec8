package io.penstock.jobs.session;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.SourceConfig.SourceFormat;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple2;

/** Builds the Spark session of a job; the only place that does. */
public final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final String MASTER = "spark.master";

  /** Before the names of Hadoop's settings among Spark's; a session has them without it. */
  private static final String HADOOP = "spark.hadoop.";

  private static final String EXTENSIONS = "spark.sql.extensions";
  private static final String DELTA_EXTENSION = "io.delta.sql.DeltaSparkSessionExtension";

  /** As {@code spark.redaction.regex} of Spark: the names of settings that hold credentials. */
  private static final Pattern CREDENTIAL =
      Pattern.compile("(?i)secret|password|token|access[.]?key");

  private Sessions() {}

  /**
   * Opens the session of a job: the application's, or where a Spark application runs in this JVM
   * already, a session of its own in that.
   *
   * <p>What spark-submit set stays. The job file's own {@code spark} settings come before that,
   * except the master; Penstock's defaults come last. In a running application those that Spark
   * reads only at its start keep the values they have.
   *
   * @throws PenstockException CONFIG_CONFLICT for a second master, CONFIG_INVALID_VALUE for a
   *     credential among the job file's Spark settings
   */
  public static JobSession open(JobFile job, SessionOptions options) {
    Optional<SparkSession> running = running();
    return running.isPresent()
        ? JobSession.within(beside(running.get(), job, options))
        : JobSession.ofOwnApplication(application(job, options));
  }

  private static Optional<SparkSession> running() {
    Option<SparkSession> session = SparkSession.getDefaultSession();
    return session.isEmpty() || session.get().sparkContext().isStopped()
        ? Optional.empty()
        : Optional.of(session.get());
  }

  private static SparkSession application(JobFile job, SessionOptions options) {
    SparkConf conf = new SparkConf();
    settings(job, options, submitted(conf)).forEach(conf::set);
    SparkSession.Builder builder = SparkSession.builder().config(conf);
    if (readsCatalog(job) && hiveIsPresent()) {
      builder.enableHiveSupport();
    }
    return builder.getOrCreate();
  }

  private static SparkSession beside(SparkSession running, JobFile job, SessionOptions options) {
    SparkSession session = running.newSession();
    Map<String, String> submitted = submitted(running.sparkContext().getConf());
    settings(job, options, submitted)
        .forEach(
            (key, value) -> {
              if (key.startsWith(HADOOP)) {
                session.conf().set(key.substring(HADOOP.length()), value);
              } else if (session.conf().isModifiable(key)) {
                session.conf().set(key, value);
              } else if (job.spark().containsKey(key) && !value.equals(submitted.get(key))) {
                LOG.warn("{} is not set: the Spark application runs already", key);
              }
            });
    return session;
  }

  /** What the session gets on top of what was submitted. */
  static Map<String, String> settings(
      JobFile job, SessionOptions options, Map<String, String> submitted) {
    refuseCredentials(job);
    refuseSecondMaster(job, submitted);
    Map<String, String> user = new LinkedHashMap<>(submitted);
    user.putAll(job.spark());
    user.putIfAbsent("spark.app.name", job.job());
    user.putIfAbsent(MASTER, options.master());
    options.defaults().forEach(user::putIfAbsent);
    defaults(user).forEach(user::putIfAbsent);
    ObjectStoreSettings.of(job).forEach(user::putIfAbsent);
    user.merge(EXTENSIONS, DELTA_EXTENSION, Sessions::appended);
    return user;
  }

  private static Map<String, String> defaults(Map<String, String> user) {
    Map<String, String> defaults = new TreeMap<>();
    defaults.put("spark.sql.session.timeZone", "UTC");
    defaults.put("spark.sql.adaptive.enabled", "true");
    defaults.put(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    if (String.valueOf(user.get(MASTER)).startsWith("local")) {
      defaults.put("spark.ui.enabled", "false");
      defaults.put("spark.driver.host", "127.0.0.1");
      defaults.put("spark.driver.bindAddress", "127.0.0.1");
      // Spark's 200 and Delta's 50 are for clusters; here each task costs more than its rows
      String tasks = Integer.toString(2 * Runtime.getRuntime().availableProcessors());
      defaults.put("spark.sql.shuffle.partitions", tasks);
      defaults.put("spark.databricks.delta.snapshotPartitions", "2");
    }
    return defaults;
  }

  private static String appended(String extensions, String extension) {
    return extensions.contains(extension) ? extensions : extensions + "," + extension;
  }

  private static Map<String, String> submitted(SparkConf conf) {
    Map<String, String> submitted = new TreeMap<>();
    for (Tuple2<String, String> setting : conf.getAll()) {
      submitted.put(setting._1(), setting._2());
    }
    return submitted;
  }

  private static void refuseCredentials(JobFile job) {
    for (String key : job.spark().keySet()) {
      if (CREDENTIAL.matcher(key).find()) {
        throw PenstockException.of(
            ErrorCode.CONFIG_INVALID_VALUE,
            "the Spark setting " + key + " looks like a credential",
            "Spark settings are shown in Spark's UI, its event log and the environment of every"
                + " executor",
            "remove it from spark; give S3 sources their credentials through the environment"
                + " (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or an instance profile");
      }
    }
  }

  private static void refuseSecondMaster(JobFile job, Map<String, String> submitted) {
    String own = job.spark().get(MASTER);
    String given = submitted.get(MASTER);
    if (own != null && given != null && !own.equals(given)) {
      throw PenstockException.of(
          ErrorCode.CONFIG_CONFLICT,
          "the job file sets " + MASTER + " = " + own + " but was submitted to " + given,
          "a job runs where it was submitted",
          "remove " + MASTER + " from the job file's spark settings");
    }
  }

  private static boolean readsCatalog(JobFile job) {
    return job.sources().stream().anyMatch(source -> source.format() instanceof SourceFormat.Table);
  }

  /** Whether this Spark was built with Hive, through which Glue and Hive catalogs are reached. */
  private static boolean hiveIsPresent() {
    return ClassPath.has("org.apache.spark.sql.hive.HiveSessionStateBuilder")
        && ClassPath.has("org.apache.hadoop.hive.conf.HiveConf");
  }
}
