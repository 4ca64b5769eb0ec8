package io.penstock.jobs.deliver;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.FalseLiteral$;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import scala.collection.IndexedSeq;
import scala.collection.Seq;

/**
 * The record of a row, made by the code that Spark generates for the query, straight from where the
 * columns are read: no row is made in between, and no type is looked at for each row. Its type is
 * that of text, since that takes bytes from the middle of an array; the bytes need not be text.
 */
final class RecordBytes extends RecordExpression {
  private static final long serialVersionUID = 1L;

  RecordBytes(List<? extends Expression> columns, RecordForm.Recipe recipe) {
    this(seq(columns), recipe);
  }

  private RecordBytes(Seq<Expression> columns, RecordForm.Recipe recipe) {
    super(columns, recipe);
  }

  @Override
  public DataType dataType() {
    return DataTypes.StringType;
  }

  @Override
  public Object eval(@Nullable InternalRow input) {
    ByteSink sink = new ByteSink();
    put(input, sink);
    return sink.text();
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode result) {
    String type = ByteSink.class.getName();
    String sink = state(context, type, "sink", "new " + type + "()");
    String code =
        "%1$s.clear();\n%2$sUTF8String %3$s = %1$s.text();\n"
            .formatted(sink, code(context, sink), result.value());
    return result.copy(block(code), FalseLiteral$.MODULE$, result.value());
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new RecordBytes(newChildren, recipe());
  }
}
