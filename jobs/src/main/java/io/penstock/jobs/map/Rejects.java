package io.penstock.jobs.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Rows that do not fit. A reject has the columns {@code row_key} (SHA-256 of {@code row}, the same
 * in every run), {@code rejected_by} (the template), {@code column} and {@code reason} of the first
 * value that does not fit, {@code errors} (all of them, in the order of the template) and {@code
 * row} (the query's row as JSON, NULLs included).
 */
public final class Rejects {
  /** NULL in a row that fits, else an array of column and reason. */
  static final String ERRORS = "__penstock_rejects";

  /** The query's row, NULL in a row that fits. */
  static final String SOURCE = "__penstock_source";

  /** What the names of hidden columns begin with. */
  static final String HIDDEN = "__penstock_";

  private static final DataType ERRORS_TYPE =
      DataTypes.createArrayType(
          DataTypes.createStructType(
              new StructField[] {
                DataTypes.createStructField("column", DataTypes.StringType, true),
                DataTypes.createStructField("reason", DataTypes.StringType, true)
              }),
          false);

  private Rejects() {}

  /**
   * A check of one column.
   *
   * @param bad whether the row's value does not fit; never NULL
   * @param reason why; asked only where it does not
   */
  record Check(String column, Expression bad, Expression reason) {}

  /** The two hidden columns of the projection. */
  static List<Column> hidden(List<Check> checks, List<Attribute> source) {
    DataType text = DataTypes.StringType;
    if (checks.isEmpty()) {
      return List.of(
          Catalyst.column(Catalyst.ofNull(ERRORS_TYPE)).as(ERRORS),
          Catalyst.column(Catalyst.ofNull(row(source).dataType())).as(SOURCE));
    }
    Expression anyBad = any(checks.stream().map(Check::bad).toList());
    List<Expression> names = new ArrayList<>();
    List<Expression> reasons = new ArrayList<>();
    for (Check check : checks) {
      names.add(Catalyst.text(check.column()));
      reasons.add(new If(check.bad(), check.reason(), Catalyst.ofNull(text)));
    }
    Expression errors =
        Catalyst.callOnce(
            Rejects.class,
            ERRORS_TYPE,
            "errors",
            new CreateArray(Catalyst.seq(names)),
            new CreateArray(Catalyst.seq(reasons)));
    Expression row = row(source);
    return List.of(
        Catalyst.column(new If(anyBad, errors, Catalyst.ofNull(ERRORS_TYPE))).as(ERRORS),
        Catalyst.column(new If(anyBad, row, Catalyst.ofNull(row.dataType()))).as(SOURCE));
  }

  /** A balanced tree, so that a thousand checks nest ten deep. */
  private static Expression any(List<Expression> conditions) {
    if (conditions.size() == 1) {
      return conditions.get(0);
    }
    int half = conditions.size() / 2;
    return new Or(
        any(conditions.subList(0, half)), any(conditions.subList(half, conditions.size())));
  }

  private static Expression row(List<Attribute> source) {
    List<Expression> fields = new ArrayList<>();
    for (Attribute attribute : source) {
      fields.add(Catalyst.text(attribute.name()));
      fields.add(attribute);
    }
    return new CreateNamedStruct(Catalyst.seq(fields));
  }

  /** Pairs the names of columns with the reasons that are not NULL; called from generated code. */
  public static ArrayData errors(ArrayData names, ArrayData reasons) {
    List<InternalRow> errors = new ArrayList<>();
    for (int at = 0; at < reasons.numElements(); at++) {
      if (!reasons.isNullAt(at)) {
        // copies: the arrays may lie in a buffer that the next row reuses
        errors.add(
            new GenericInternalRow(
                new Object[] {names.getUTF8String(at).copy(), reasons.getUTF8String(at).copy()}));
      }
    }
    return new GenericArrayData(errors.toArray());
  }

  /** The rejects of a projection that has the hidden columns. */
  static Dataset<Row> of(Dataset<Row> projected) {
    Column errors = functions.col(ERRORS);
    Column json =
        functions.to_json(
            functions.col(SOURCE), Map.of("ignoreNullFields", "false", "timeZone", "UTC"));
    return projected
        .filter(errors.isNotNull())
        .select(
            functions.sha2(json.cast(DataTypes.BinaryType), 256).as("row_key"),
            functions.lit("template").as("rejected_by"),
            errors.getItem(0).getField("column").as("column"),
            errors.getItem(0).getField("reason").as("reason"),
            errors.as("errors"),
            json.as("row"));
  }
}
