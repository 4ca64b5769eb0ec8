package io.penstock.jobs.map;

import io.penstock.common.config.TemplateConfig;
import io.penstock.common.config.TemplateConfig.BadValue;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.JsonText;
import io.penstock.common.schema.RedshiftType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.KnownNotNull;
import org.apache.spark.sql.catalyst.expressions.RaiseError;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * Applies a data template to the rows of a query, in one projection of Catalyst expressions. Does
 * not depend on Spark's ANSI mode or session time zone.
 */
public final class Mapping {
  private final BadValue onBadValue;
  private final List<org.apache.spark.sql.Column> projection = new ArrayList<>();
  private final List<Rejects.Check> checks = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();

  private Mapping(BadValue onBadValue) {
    this.onBadValue = onBadValue;
  }

  /**
   * Maps rows.
   *
   * @param template empty: columns pass through
   * @throws PenstockException TEMPLATE_MISMATCH where the template does not fit the query. While
   *     the result is read, SOURCE_BAD_VALUE may lie within what Spark throws
   */
  public static Mapped apply(Dataset<Row> rows, Optional<TemplateConfig> template) {
    Resolver resolver = new Resolver(rows);
    List<Resolved> entries = template.map(resolver::resolve).orElseGet(resolver::passThrough);
    refuseDuplicates(entries);
    Mapping mapping = new Mapping(template.map(TemplateConfig::onBadValue).orElse(BadValue.FAIL));
    Steady steady = Steady.of(rows, entries);
    steady.entries().forEach(mapping::add);
    return mapping.mapped(steady.rows(), Resolver.attributes(rows));
  }

  private static void refuseDuplicates(List<Resolved> entries) {
    Set<String> seen = new HashSet<>();
    for (Resolved entry : entries) {
      String folded = entry.name().toLowerCase(Locale.ROOT);
      if (folded.startsWith(Rejects.HIDDEN)) {
        throw Mismatch.ofColumns(
            "column " + entry.name() + " cannot be delivered",
            "names that begin with " + Rejects.HIDDEN + " are taken",
            "give it another name");
      }
      if (!seen.add(folded)) {
        throw Mismatch.ofColumns(
            "the result has two columns " + folded,
            "names that differ in case only are the same in Redshift and in Spark",
            "rename one of them in the template, or with AS in the query");
      }
    }
  }

  private void add(Resolved entry) {
    Conversion conversion = conversion(entry);
    RedshiftType type = entry.type().orElseGet(() -> typeOf(entry));
    columns.add(new Column(entry.name(), type, entry.nullable(), entry.pii()));
    projection.add(named(Catalyst.column(value(entry, conversion)), entry.name(), type));
  }

  private static org.apache.spark.sql.Column named(
      org.apache.spark.sql.Column value, String name, RedshiftType type) {
    return type.kind() == RedshiftType.Kind.SUPER
        ? value.as(name, new MetadataBuilder().putBoolean(JsonText.METADATA, true).build())
        : value.as(name);
  }

  private static Conversion conversion(Resolved entry) {
    if (entry.type().isEmpty()) {
      return Conversion.unchanged(entry.raw());
    }
    RedshiftType type = entry.type().get();
    return Conversion.to(type, entry.raw())
        .orElseThrow(
            () ->
                Mismatch.ofEntry(
                    entry.name(),
                    "there is no conversion from "
                        + entry.raw().dataType().sql().toLowerCase(Locale.ROOT)
                        + " to "
                        + SparkTypes.name(type),
                    "change the entry's type, or convert with expr"));
  }

  private static RedshiftType typeOf(Resolved entry) {
    if (entry.raw() instanceof Attribute column
        && column.metadata().contains(JsonText.METADATA)
        && column.metadata().getBoolean(JsonText.METADATA)) {
      return RedshiftType.of(RedshiftType.Kind.SUPER);
    }
    return SparkTypes.redshiftType(entry.raw().dataType())
        .orElseThrow(
            () ->
                Mismatch.ofColumns(
                    "column " + entry.name() + " cannot be delivered",
                    "Redshift has no type for " + entry.raw().dataType().sql(),
                    "convert it in the query or in a template entry, or leave it out"));
  }

  private Expression value(Resolved entry, Conversion conversion) {
    Expression raw = entry.raw();
    Expression value = conversion.value();
    boolean mayBeNull = !entry.nullable() && raw.nullable();
    if (conversion.reason().isEmpty() && !mayBeNull) {
      return value;
    }
    if (onBadValue == BadValue.REJECT) {
      Expression bad =
          entry.nullable() ? new And(new IsNull(value), new IsNotNull(raw)) : new IsNull(value);
      checks.add(new Rejects.Check(entry.name(), bad, reason(conversion, raw, mayBeNull)));
      return value;
    }
    if (onBadValue == BadValue.NULL && entry.nullable()) {
      return value;
    }
    Expression refusal = refusal(entry, value.dataType(), reason(conversion, raw, mayBeNull));
    if (!entry.nullable()) {
      return new KnownNotNull(new Coalesce(Catalyst.seq(List.of(value, refusal))));
    }
    Expression unlessNull = new If(new IsNull(raw), Catalyst.ofNull(value.dataType()), refusal);
    return new Coalesce(Catalyst.seq(List.of(value, unlessNull)));
  }

  private static Expression reason(Conversion conversion, Expression raw, boolean mayBeNull) {
    Expression ofNull = Catalyst.text(Reasons.OF_NULL);
    if (conversion.reason().isEmpty()) {
      return ofNull;
    }
    Expression reason = conversion.reason().get();
    return mayBeNull ? new If(new IsNull(raw), ofNull, reason) : reason;
  }

  /** Throws from its first argument; Spark's own raise_error lends it the type. */
  private static Expression refusal(Resolved entry, DataType type, Expression reason) {
    Expression thrown =
        Catalyst.call(
            Refusals.class, DataTypes.StringType, "refuse", Catalyst.text(entry.name()), reason);
    return new RaiseError(thrown, type);
  }

  private Mapped mapped(Dataset<Row> rows, List<Attribute> source) {
    if (onBadValue != BadValue.REJECT) {
      Dataset<Row> projected = select(rows, projection);
      return new Mapped(projected, projected, Optional.empty(), List.copyOf(columns));
    }
    List<org.apache.spark.sql.Column> all = new ArrayList<>(projection);
    all.addAll(Rejects.hidden(checks, source));
    Dataset<Row> projected = select(rows, all);
    return new Mapped(
        projected,
        fitting(projected, columns),
        Optional.of(Rejects.of(projected)),
        List.copyOf(columns));
  }

  /** The rejects of a projection with hidden columns, in the template's columns. */
  static Dataset<Row> misfits(Dataset<Row> projected, List<Column> columns) {
    List<Attribute> attributes = Resolver.attributes(projected);
    return select(
        projected.filter(Catalyst.column(new IsNotNull(attributes.get(columns.size())))),
        attributes.subList(0, columns.size()).stream().map(Catalyst::column).toList());
  }

  /**
   * The rows of a projection with hidden columns that are no rejects, in the template's columns and
   * with its promises about NULL.
   */
  static Dataset<Row> fitting(Dataset<Row> projected, List<Column> columns) {
    List<Attribute> attributes = Resolver.attributes(projected);
    List<org.apache.spark.sql.Column> mapped = new ArrayList<>();
    for (int at = 0; at < columns.size(); at++) {
      Attribute attribute = attributes.get(at);
      Expression value =
          columns.get(at).nullable() || !attribute.nullable()
              ? attribute
              : new KnownNotNull(attribute);
      mapped.add(named(Catalyst.column(value), attribute.name(), columns.get(at).type()));
    }
    return select(
        projected.filter(Catalyst.column(new IsNull(attributes.get(columns.size())))), mapped);
  }

  private static Dataset<Row> select(Dataset<Row> rows, List<org.apache.spark.sql.Column> columns) {
    return rows.select(columns.toArray(org.apache.spark.sql.Column[]::new));
  }
}
