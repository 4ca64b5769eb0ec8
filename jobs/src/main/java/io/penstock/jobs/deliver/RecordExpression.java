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
import org.apache.spark.sql.types.DataType;
import org.json4s.JsonAST.JInt;
import org.json4s.JsonAST.JString;
import org.json4s.JsonAST.JValue;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.math.BigInt;

/** A record made of columns, within the code that Spark generates. */
abstract class RecordExpression extends Expression implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Seq<Expression> columns;
  private final RecordForm.Recipe recipe;
  private transient @Nullable RecordForm interpreted;

  RecordExpression(Seq<Expression> columns, RecordForm.Recipe recipe) {
    this.columns = columns;
    this.recipe = recipe;
  }

  static Seq<Expression> seq(List<? extends Expression> columns) {
    return JavaConverters.<Expression>asScalaBuffer(new ArrayList<>(columns)).toList();
  }

  final RecordForm.Recipe recipe() {
    return recipe;
  }

  @Override
  public final boolean nullable() {
    return false;
  }

  /** A record is made when a file takes it, never while a plan is made. */
  @Override
  public final boolean foldable() {
    return false;
  }

  /** Writes the record without generated code. */
  final void put(@Nullable InternalRow input, ByteSink sink) {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.apply(i).eval(input);
    }
    RecordForm form = interpreted;
    if (form == null) {
      form = recipe.open();
      interpreted = form;
    }
    form.put(new GenericInternalRow(values), sink);
  }

  /**
   * The code that writes the record to a sink.
   *
   * @param sink the name of a variable
   */
  final String code(CodegenContext context, String sink) {
    String formType = RecordForm.class.getName();
    String recipeName =
        context.addReferenceObj("recipe", recipe, RecordForm.Recipe.class.getCanonicalName());
    String form = state(context, formType, "form", recipeName + ".open()");
    RecordForm known = recipe.open();
    StringBuilder code = new StringBuilder();
    code.append(form).append(".begin(").append(sink).append(");\n");
    for (int i = 0; i < columns.size(); i++) {
      ExprCode column = columns.apply(i).genCode(context);
      String put = fieldFunction(context, known.field(i), form + ".field(" + i + ")", sink);
      String field =
          "%s\n%s(%s, %s);\n".formatted(column.code(), put, column.isNull(), column.value());
      code.append(unlessWritten(context, i, sink, field));
    }
    code.append(form).append(".end(").append(sink).append(");\n");
    return code.toString();
  }

  /**
   * Lets another way to write a field precede the usual one.
   *
   * @param field the code that evaluates the column and writes its field
   */
  String unlessWritten(CodegenContext context, int column, String sink, String field) {
    return field;
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
  static String state(CodegenContext context, String type, String name, String source) {
    return context.addMutableState(
        type, name, variable -> variable + " = " + source + ";", true, true);
  }

  static Block block(String code) {
    return new CodeBlock(
        JavaConverters.asScalaBuffer(List.of(code)).toList(),
        JavaConverters.<org.apache.spark.sql.catalyst.expressions.codegen.JavaCode>asScalaBuffer(
                List.of())
            .toList());
  }

  @Override
  public final Seq<Expression> children() {
    return columns;
  }

  /** What Spark would find by reflection in a class of Scala's. */
  @Override
  public final scala.collection.immutable.List<Tuple2<String, JValue>> jsonFields() {
    List<Tuple2<String, JValue>> fields =
        List.of(
            new Tuple2<>("class", new JString(getClass().getName())),
            new Tuple2<>("num-children", new JInt(BigInt.apply(columns.size()))),
            new Tuple2<>("format", new JString(recipe.toString())));
    return JavaConverters.asScalaBuffer(fields).toList();
  }

  @Override
  public final int productArity() {
    return 2;
  }

  @Override
  public final Object productElement(int element) {
    return element == 0 ? columns : recipe;
  }

  @Override
  public final boolean canEqual(Object other) {
    return other != null && other.getClass() == getClass();
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof RecordExpression record
        && canEqual(record)
        && record.columns.equals(columns)
        && record.recipe.equals(recipe);
  }

  @Override
  public final int hashCode() {
    return Objects.hash(getClass(), columns, recipe);
  }
}
