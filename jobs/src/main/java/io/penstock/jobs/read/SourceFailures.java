package io.penstock.jobs.read;

import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.config.SourceConfig.SourceFormat;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.util.Locale;
import org.apache.spark.sql.AnalysisException;

/** Why a source cannot be opened, in the words of its user. */
final class SourceFailures {
  private SourceFailures() {}

  static PenstockException unreadable(SourceConfig source, Throwable failure) {
    Diagnosis diagnosis = diagnose(source.format(), failure);
    return PenstockException.of(
        ErrorCode.SOURCE_UNREADABLE,
        "source " + source.name() + " cannot be read: " + place(source.format()),
        diagnosis.reason(),
        diagnosis.remedy(),
        RedactedFailure.of(failure));
  }

  private record Diagnosis(String reason, String remedy) {}

  private static String place(SourceFormat format) {
    if (format instanceof SourceFormat.Delta delta) {
      return "delta " + delta.path();
    }
    if (format instanceof SourceFormat.Files files) {
      return files.format() + " " + files.path();
    }
    if (format instanceof RedshiftSource) {
      return "rows of Redshift";
    }
    return "table " + ((SourceFormat.Table) format).table();
  }

  private static Diagnosis diagnose(SourceFormat format, Throwable failure) {
    String text = Causes.text(failure).toLowerCase(Locale.ROOT);
    if (format instanceof SourceFormat.Table) {
      return new Diagnosis(
          analysis(failure, "the catalog cannot answer for it"),
          "correct table, or check that the session's catalog is the one that has it");
    }
    if (format instanceof RedshiftSource) {
      return other(failure);
    }
    if (Causes.isAccessDenied(failure)) {
      return new Diagnosis(
          "access is denied",
          "allow the job to list and read the path; S3 sources take credentials from the"
              + " environment or the instance profile");
    }
    if (format instanceof SourceFormat.Delta delta) {
      return delta(delta, text, failure);
    }
    if (text.contains("path_not_found") || text.contains("path does not exist")) {
      return new Diagnosis("the path does not exist", "correct path, or write the data first");
    }
    if (text.contains("unable_to_infer_schema") || text.contains("unable to infer schema")) {
      return new Diagnosis(
          "the path holds no file that a schema can be read from", "correct path, or give schema");
    }
    if (text.contains("parse_syntax_error") || text.contains("unsupported_datatype")) {
      return new Diagnosis(
          analysis(failure, "schema is not Spark DDL"),
          "write schema as Spark DDL, such as \"id BIGINT, email STRING\"");
    }
    if (Causes.isUnreadableFile(failure)) {
      return new Diagnosis(
          "a file below the path is not "
              + ((SourceFormat.Files) format).format()
              + " or is damaged",
          "check format, and write the damaged file again");
    }
    return other(failure);
  }

  private static Diagnosis delta(SourceFormat.Delta delta, String text, Throwable failure) {
    if (delta.version().isPresent() && (text.contains("version") && !isMissingTable(text))) {
      return new Diagnosis(
          "the table has no version " + delta.version().get() + " that can be read",
          "take a version that DESCRIBE HISTORY lists and that was not vacuumed");
    }
    if (delta.timestamp().isPresent() && text.contains("timestamp") && !isMissingTable(text)) {
      return new Diagnosis(
          "the table has no version at " + delta.timestamp().get(),
          "take a timestamp between the table's first and last commit, such as"
              + " 2026-11-01T00:00:00Z");
    }
    if (isMissingTable(text)) {
      return new Diagnosis(
          "there is no Delta table at the path", "correct path, or set format = parquet");
    }
    return other(failure);
  }

  private static boolean isMissingTable(String text) {
    return text.contains("path_not_found")
        || text.contains("delta_table_not_found")
        || text.contains("delta_path_does_not_exist")
        || text.contains("delta_missing_delta_table")
        || text.contains("is not a delta table")
        || text.contains("doesn't exist")
        || text.contains("does not exist, or is not a delta table");
  }

  private static Diagnosis other(Throwable failure) {
    return new Diagnosis(
        analysis(failure, "Spark fails with " + Causes.root(failure).getClass().getSimpleName()),
        "check that the path can be reached from here and that format fits it");
  }

  /** Spark's own words where they come from its analysis, which sees names and no rows. */
  private static String analysis(Throwable failure, String otherwise) {
    return failure instanceof AnalysisException analysis
        ? Sentences.plain(analysis.getSimpleMessage())
        : otherwise;
  }
}
