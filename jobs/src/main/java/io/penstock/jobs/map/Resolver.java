package io.penstock.jobs.map;

import io.penstock.common.config.TemplateConfig;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.config.TemplateConfig.Origin;
import io.penstock.common.config.TemplateConfig.Unmapped;
import io.penstock.common.schema.RedshiftType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.Star;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.functions;
import scala.collection.JavaConverters;

/** Finds what the entries of a template mean among the columns of a query. */
final class Resolver {
  private final Dataset<Row> rows;
  private final List<Attribute> columns;

  Resolver(Dataset<Row> rows) {
    this.rows = rows;
    this.columns = attributes(rows);
  }

  /** The columns of a dataset, resolved. */
  static List<Attribute> attributes(Dataset<Row> rows) {
    return JavaConverters.seqAsJavaList(rows.queryExecution().analyzed().output());
  }

  List<Resolved> passThrough() {
    return columns.stream().map(Resolver::kept).toList();
  }

  List<Resolved> resolve(TemplateConfig template) {
    List<Resolved> resolved = new ArrayList<>();
    for (Entry entry : template.columns()) {
      resolved.add(resolve(entry));
    }
    List<Attribute> unmapped = unmapped(resolved);
    if (template.unmapped() == Unmapped.FAIL && !unmapped.isEmpty()) {
      throw Mismatch.ofColumns(
          "the query has columns that no template entry names: " + names(unmapped),
          "template.unmapped = fail",
          "add entries for them, take them out of the query, or set unmapped to drop or keep");
    }
    if (template.unmapped() == Unmapped.KEEP) {
      unmapped.forEach(column -> resolved.add(kept(column)));
    }
    return resolved;
  }

  private static Resolved kept(Attribute column) {
    return new Resolved(column.name(), column, Optional.empty(), false, column.nullable());
  }

  private List<Attribute> unmapped(List<Resolved> resolved) {
    Set<Long> named =
        resolved.stream()
            .flatMap(
                entry -> JavaConverters.seqAsJavaList(entry.raw().references().toSeq()).stream())
            .map(attribute -> attribute.exprId().id())
            .collect(Collectors.toSet());
    return columns.stream().filter(column -> !named.contains(column.exprId().id())).toList();
  }

  private static String names(List<Attribute> attributes) {
    return attributes.stream().map(Attribute::name).collect(Collectors.joining(", "));
  }

  private Resolved resolve(Entry entry) {
    Expression raw;
    if (entry.origin() instanceof Origin.From from) {
      raw = column(entry, from.column());
    } else if (entry.origin() instanceof Origin.Expression expression) {
      raw = expression(entry, expression.sql());
    } else {
      raw = constant(entry, ((Origin.Value) entry.origin()).text());
    }
    return new Resolved(entry.name(), raw, entry.type(), entry.pii(), entry.nullable());
  }

  private Expression column(Entry entry, String path) {
    Optional<Attribute> whole = named(entry, path);
    if (whole.isPresent()) {
      return whole.get();
    }
    for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      Optional<Attribute> parent = named(entry, path.substring(0, dot));
      if (parent.isPresent()) {
        return field(entry, parent.get(), path.substring(dot + 1));
      }
    }
    throw Mismatch.ofEntry(
        entry.name(),
        "the query has no column " + path,
        "take one of its columns: " + names(columns));
  }

  /** The column of a name: as it is written, else in any case. */
  private Optional<Attribute> named(Entry entry, String name) {
    List<Attribute> found = columns.stream().filter(column -> column.name().equals(name)).toList();
    if (found.isEmpty()) {
      found = columns.stream().filter(column -> column.name().equalsIgnoreCase(name)).toList();
    }
    if (found.size() > 1) {
      throw Mismatch.ofEntry(
          entry.name(),
          "the query has " + found.size() + " columns " + name,
          "give each column of the query a name of its own with AS");
    }
    return found.stream().findFirst();
  }

  private Expression field(Entry entry, Attribute parent, String path) {
    Column field = Catalyst.column(parent);
    for (String name : path.split("\\.", -1)) {
      field = field.getField(name);
    }
    return analyzed(entry, field);
  }

  private Expression expression(Entry entry, String sql) {
    Column parsed;
    try {
      parsed = functions.expr(sql);
    } catch (Exception e) {
      throw refused(entry, e);
    }
    if (parsed.expr().find(Resolver::isRefused).isDefined()) {
      throw notOfOneRow(entry);
    }
    return analyzed(entry, parsed);
  }

  private static boolean isRefused(Expression expression) {
    return expression instanceof SubqueryExpression || expression instanceof Star;
  }

  /** Has Spark resolve an expression over the query's columns, and over nothing else. */
  private Expression analyzed(Entry entry, Column column) {
    LogicalPlan plan;
    try {
      plan = rows.select(column.as("value")).queryExecution().analyzed();
    } catch (Exception e) {
      throw refused(entry, e);
    }
    LogicalPlan below = rows.queryExecution().analyzed();
    if (plan instanceof Project project
        && project.projectList().size() == 1
        && project.child().fastEquals(below)
        && project.projectList().head() instanceof Alias alias) {
      return alias.child();
    }
    throw notOfOneRow(entry);
  }

  private static RuntimeException notOfOneRow(Entry entry) {
    return Mismatch.ofEntry(
        entry.name(),
        "expr is not computed from one row: it has an aggregate, a window, a subquery or a"
            + " function that makes rows",
        "move it to the query and take its column with from");
  }

  private static RuntimeException refused(Entry entry, Exception failure) {
    String message =
        failure instanceof AnalysisException analysis
            ? analysis.getSimpleMessage().strip().replaceAll("\\s+", " ").replaceAll("\\.$", "")
            : "Spark cannot resolve it (" + failure.getClass().getSimpleName() + ")";
    return Mismatch.ofEntry(
        entry.name(), message, "correct expr or from; its columns are those of the query");
  }

  /** The constant in its type, converted here and now. */
  private static Expression constant(Entry entry, String text) {
    Expression literal = Catalyst.text(text);
    if (entry.type().isEmpty()) {
      return literal;
    }
    RedshiftType type = entry.type().get();
    Optional<Conversion> conversion = Conversion.to(type, literal);
    Object value = conversion.isEmpty() ? null : Catalyst.evaluate(conversion.get().value());
    if (value == null) {
      String reason =
          conversion
              .flatMap(Conversion::reason)
              .map(expression -> String.valueOf(Catalyst.evaluate(expression)))
              .orElse("not a valid " + SparkTypes.name(type));
      throw Mismatch.ofEntry(
          entry.name(), "its value is " + reason, "correct value, or the entry's type");
    }
    return Catalyst.constant(value, SparkTypes.of(type));
  }
}
