package io.penstock.jobs.deliver;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.codegen.Block;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeBlock;
import org.apache.spark.sql.catalyst.expressions.codegen.CodeGenerator;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.codegen.FalseLiteral$;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.json4s.JsonAST.JInt;
import org.json4s.JsonAST.JString;
import org.json4s.JsonAST.JValue;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.collection.IndexedSeq;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.math.BigInt;

/**
 * The record of a row, made by the code that Spark generates for the query, straight from where the
 * columns are read: no row is made in between, and no type is looked at for each row. Its type is
 * that of text, since that takes bytes from the middle of an array; the bytes need not be text.
 */
final class RecordBytes extends Expression implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Seq<Expression> columns;
  private final RecordForm.Recipe recipe;
  private transient @Nullable RecordForm interpreted;

  RecordBytes(List<? extends Expression> columns, RecordForm.Recipe recipe) {
    this(JavaConverters.<Expression>asScalaBuffer(new ArrayList<>(columns)).toList(), recipe);
  }

  private RecordBytes(Seq<Expression> columns, RecordForm.Recipe recipe) {
    this.columns = columns;
    this.recipe = recipe;
  }

  @Override
  public DataType dataType() {
    return DataTypes.StringType;
  }

  @Override
  public boolean nullable() {
    return false;
  }

  /** A record is made when a file takes it, never while a plan is made. */
  @Override
  public boolean foldable() {
    return false;
  }

  @Override
  public Object eval(@Nullable InternalRow input) {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.apply(i).eval(input);
    }
    RecordForm form = interpreted;
    if (form == null) {
      form = recipe.open();
      interpreted = form;
    }
    ByteSink sink = new ByteSink();
    form.put(new GenericInternalRow(values), sink);
    return sink.text();
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode result) {
    String sinkType = ByteSink.class.getName();
    String formType = RecordForm.class.getName();
    String recipeName =
        context.addReferenceObj("recipe", recipe, RecordForm.Recipe.class.getCanonicalName());
    String sink = state(context, sinkType, "sink", "new " + sinkType + "()");
    String form = state(context, formType, "form", recipeName + ".open()");
    RecordForm known = recipe.open();
    StringBuilder code = new StringBuilder();
    code.append(form).append(".begin(").append(sink).append(");\n");
    for (int i = 0; i < columns.size(); i++) {
      ExprCode column = columns.apply(i).genCode(context);
      String put = fieldFunction(context, known.field(i), form + ".field(" + i + ")", sink);
      code.append(column.code())
          .append("\n%s(%s, %s);\n".formatted(put, column.isNull(), column.value()));
    }
    code.append(form).append(".end(").append(sink).append(");\n");
    String value = result.value().toString();
    code.append("UTF8String ").append(value).append(" = ").append(sink).append(".text();\n");
    return result.copy(block(code.toString()), FalseLiteral$.MODULE$, result.value());
  }

  /**
   * A function of its own for each column, so that a wide table makes no method too large to
   * compile.
   */
  private static String fieldFunction(
      CodegenContext context, RecordField known, String source, String sink) {
    String field = state(context, RecordField.class.getName(), "field", source);
    String name = context.freshName("putField");
    String type = CodeGenerator.javaType(known.type());
    String put;
    if (known.isText()) {
      put = "%s.putText(%s, value);".formatted(field, sink);
    } else {
      String target = "%s.begin(%s)".formatted(field, sink);
      String write =
          known
              .method()
              .map(method -> "%s(%s, value);".formatted(method, target))
              .orElseGet(
                  () -> "%s.putValue(%s, 0, %s);".formatted(field, rowOf(known.type()), target));
      put = "%s\n%s.end(%s);".formatted(write, field, sink);
    }
    String code =
        """
        private void %s(boolean isNull, %s value) {
          if (isNull) {
            %s.putNull(%s);
          } else {
            %s
          }
        }
        """
            .formatted(name, type, field, sink, put);
    return context.addNewFunction(name, code, false);
  }

  private static String rowOf(DataType type) {
    String value =
        CodeGenerator.isPrimitiveType(type)
            ? CodeGenerator.boxedType(type) + ".valueOf(value)"
            : "value";
    return "new %s(new Object[] {%s})".formatted(GenericInternalRow.class.getName(), value);
  }

  /** A field of the generated class, one for each task. */
  private static String state(CodegenContext context, String type, String name, String source) {
    return context.addMutableState(
        type, name, variable -> variable + " = " + source + ";", true, true);
  }

  private static Block block(String code) {
    return new CodeBlock(
        JavaConverters.asScalaBuffer(List.of(code)).toList(),
        JavaConverters.<org.apache.spark.sql.catalyst.expressions.codegen.JavaCode>asScalaBuffer(
                List.of())
            .toList());
  }

  @Override
  public Seq<Expression> children() {
    return columns;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new RecordBytes(newChildren, recipe);
  }

  /** What Spark would find by reflection in a class of Scala's. */
  @Override
  public scala.collection.immutable.List<Tuple2<String, JValue>> jsonFields() {
    List<Tuple2<String, JValue>> fields =
        List.of(
            new Tuple2<>("class", new JString(getClass().getName())),
            new Tuple2<>("num-children", new JInt(BigInt.apply(columns.size()))),
            new Tuple2<>("format", new JString(recipe.toString())));
    return JavaConverters.asScalaBuffer(fields).toList();
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int element) {
    return element == 0 ? columns : recipe;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof RecordBytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecordBytes record
        && record.columns.equals(columns)
        && record.recipe.equals(recipe);
  }

  @Override
  public int hashCode() {
    return Objects.hash(columns, recipe);
  }
}
