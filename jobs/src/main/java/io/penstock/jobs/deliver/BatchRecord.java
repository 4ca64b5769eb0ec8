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

/** Adds the record of a row of a batch to a sink of the same task; true. */
final class BatchRecord extends RecordExpression {
  private static final long serialVersionUID = 1L;

  private final transient List<BatchColumn> batch;
  private final transient ByteSink sink;

  /**
   * @param columns of the views that a batch gives of its rows
   * @param batch for each of the columns, another way to write it
   */
  BatchRecord(
      List<? extends Expression> columns,
      RecordForm.Recipe recipe,
      List<BatchColumn> batch,
      ByteSink sink) {
    this(seq(columns), recipe, batch, sink);
  }

  private BatchRecord(
      Seq<Expression> columns, RecordForm.Recipe recipe, List<BatchColumn> batch, ByteSink sink) {
    super(columns, recipe);
    this.batch = batch;
    this.sink = sink;
  }

  @Override
  public DataType dataType() {
    return DataTypes.BooleanType;
  }

  @Override
  public Object eval(@Nullable InternalRow input) {
    put(input, sink);
    return true;
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode result) {
    String type = ByteSink.class.getName();
    String name = state(context, type, "sink", context.addReferenceObj("sink", sink, type));
    String code = "%sboolean %s = true;\n".formatted(code(context, name), result.value());
    return result.copy(block(code), FalseLiteral$.MODULE$, result.value());
  }

  @Override
  String unlessWritten(CodegenContext context, int column, String sink, String field) {
    String type = BatchColumn.class.getName();
    String name =
        state(context, type, "column", context.addReferenceObj("column", batch.get(column), type));
    return "if (!%s.copy(%s, %s)) {\n%s}\n".formatted(name, context.INPUT_ROW(), sink, field);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new BatchRecord(newChildren, recipe(), batch, sink);
  }
}
