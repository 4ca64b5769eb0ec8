package io.penstock.common.plan;

import io.penstock.common.config.Application;
import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.TableCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The SQL of a load in the order of execution, redacted, with what decides about a statement. */
final class LoadScript {
  private static final String WHERE_MISSING = "where it is missing";
  private static final String WHERE_CREATED = "where the table was created";

  private final LoadPlan plan;
  private final List<Column> columns;
  private final Application application;
  private final LoadStatements sql;
  private final List<String> lines = new ArrayList<>();

  private LoadScript(LoadPlan planned, List<Column> columns) {
    this.application = planned.destination().application();
    this.plan =
        isNumbered()
            ? planned.into(TableCounter.pattern(planned.destination().table().name()))
            : planned;
    this.columns = columns;
    this.sql = new LoadStatements(plan, columns);
  }

  /** One line for each statement. */
  static List<String> lines(LoadPlan plan, List<Column> columns) {
    LoadScript script = new LoadScript(plan, columns);
    script.ledger();
    script.widening();
    script.target(plan);
    script.stage();
    script.apply();
    script.record();
    return List.copyOf(script.lines);
  }

  private boolean isNumbered() {
    return application.operation() == Operation.CREATE_NEW;
  }

  private boolean changesColumns() {
    return !isNumbered() && application.schemaChange() == SchemaChange.ADD_COLUMNS;
  }

  private void add(SqlStatement statement) {
    lines.add(statement.redacted());
  }

  private void add(SqlStatement statement, String note) {
    lines.add(statement.redacted() + " -- " + note);
  }

  private void ledger() {
    add(sql.createStateSchema(), WHERE_MISSING);
    add(sql.createLedger(), WHERE_MISSING);
    if (plan.staging().isEmpty()) {
      add(sql.dropStage());
      add(sql.createStage(), "the connector fills it on a connection of its own");
    }
  }

  private void widening() {
    if (!changesColumns()) {
      return;
    }
    lines.add("BEGIN");
    add(sql.lockLedger());
    add(sql.findApplied());
    add(sql.target().describe());
    columns.stream()
        .filter(column -> column.type().isText())
        .forEach(
            column ->
                add(
                    sql.target().widen(column),
                    "on a connection of its own, where the table's is a shorter VARCHAR"));
    lines.add("ROLLBACK");
  }

  private void target(LoadPlan planned) {
    lines.add("BEGIN");
    add(sql.lockLedger());
    add(sql.findApplied());
    if (isNumbered()) {
      add(sql.ledger().findCreated(planned.destination().table().name()));
      add(new LoadStatements(planned, columns).target().findNumbered());
      add(sql.target().create(), "<n> is the next number");
      sql.target().comments().forEach(this::add);
    } else {
      add(sql.target().describe());
      add(sql.target().create(), WHERE_MISSING);
      sql.target().comments().forEach(comment -> add(comment, WHERE_CREATED));
    }
  }

  private void stage() {
    if (plan.staging().isPresent()) {
      add(sql.dropStage());
      add(sql.createStage());
      long refusable = plan.refused().map(RefusedRows::max).orElse(0L);
      add(sql.copy(authorization(plan.destination()), refusable));
      add(sql.countCopied());
    }
    add(sql.countStage());
  }

  private void apply() {
    ApplyStatements apply = sql.apply();
    if (application.write().usesKeys()) {
      add(apply.countNullKeys());
      add(apply.countRepeatedKeys());
    }
    if (changesColumns()) {
      columns.forEach(
          column -> add(sql.target().addColumn(column), "where the table has no such column"));
    }
    sql.preSql().forEach(this::add);
    apply.steps().forEach(step -> add(step.sql()));
    if (application.write() == Write.MIRROR && !plan.deletesByOperation()) {
      add(apply.countTarget());
    }
    sql.target()
        .grants()
        .forEach(
            grant -> {
              if (isNumbered()) {
                add(grant);
              } else {
                add(grant, WHERE_CREATED);
              }
            });
    reader();
    sql.postSql().forEach(this::add);
  }

  private void reader() {
    plan.destination()
        .tableau()
        .map(tableau -> new ReaderStatements(plan.destination().table().name(), tableau.reader()))
        .ifPresent(reader -> reader.privileges().forEach(held -> add(held.grant(), WHERE_MISSING)));
  }

  private void record() {
    add(sql.deleteLedgerRow());
    LedgerEntry sample =
        new LedgerEntry(
            RunStatus.SUCCEEDED,
            plan.run().now(),
            plan.run().now(),
            0,
            LoadResult.uncounted(plan.destination().table().name().toString(), plan.operation()),
            Optional.empty());
    add(sql.insertLedgerRow(sample), "with the times and counts of the run");
    add(sql.dropStage());
    lines.add("COMMIT");
  }

  private static CopyAuthorization authorization(RedshiftDestination redshift) {
    return redshift.copyCredentials() instanceof CopyCredentials.IamRole role
        ? new CopyAuthorization.IamRole(role.arn())
        : new CopyAuthorization.Keys("***", "***", Optional.of("***"));
  }
}
