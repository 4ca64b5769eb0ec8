package io.penstock.jobs.map;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Builds Catalyst expressions; all of them take part in code generation. */
final class Catalyst {
  private Catalyst() {}

  /**
   * A call of a public static method that gets only values that are not NULL, and whose null is
   * NULL.
   */
  static Expression call(Class<?> owner, DataType type, String method, Expression... arguments) {
    return new StaticInvoke(
        owner, type, method, seq(List.of(arguments)), seq(List.of()), true, true, true);
  }

  /**
   * As {@link #call}, for a method that takes NULL. Declared non-deterministic: the optimizer
   * copies no filter on its result below the projection it is in.
   */
  static Expression callOnce(
      Class<?> owner, DataType type, String method, Expression... arguments) {
    return new StaticInvoke(
        owner, type, method, seq(List.of(arguments)), seq(List.of()), false, true, false);
  }

  /** A cast that does not depend on the session's time zone or its ANSI mode. */
  static Expression cast(Expression value, DataType type) {
    return value.dataType().equals(type)
        ? value
        : new Cast(value, type, Option.apply("UTC"), EvalMode.LEGACY());
  }

  static Literal literal(long value) {
    return new Literal(value, DataTypes.LongType);
  }

  static Literal literal(int value) {
    return new Literal(value, DataTypes.IntegerType);
  }

  static Literal literal(boolean value) {
    return new Literal(value, DataTypes.BooleanType);
  }

  static Literal text(String value) {
    return new Literal(UTF8String.fromString(value), DataTypes.StringType);
  }

  static Literal ofNull(DataType type) {
    return constant(null, type);
  }

  /**
   * @param value in Catalyst's internal form
   */
  @SuppressWarnings("NullAway") // Literal takes null for NULL
  static Literal constant(@Nullable Object value, DataType type) {
    return new Literal(value, type);
  }

  /** The value of an expression over no columns. */
  static @Nullable Object evaluate(Expression expression) {
    return expression.eval(InternalRow.empty());
  }

  static Column column(Expression expression) {
    return new Column(expression);
  }

  static <T> Seq<T> seq(List<T> list) {
    return JavaConverters.asScalaBuffer(list).toList();
  }
}
