package io.penstock.jobs.deliver;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BasePredicate;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.Predicate$;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.InputAdapter;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;

/**
 * The records of rows that a scan reads as batches of columns, where nothing but the choice and the
 * names of columns lies between the scan and the record. Many records make one row.
 */
final class BatchRecords implements Iterator<InternalRow> {
  private final Iterator<ColumnarBatch> batches;
  private final Form form;
  private final List<BatchColumn> columns = new ArrayList<>();
  private final ByteSink sink = new ByteSink();
  private final BasePredicate record;
  private final GenericInternalRow result = new GenericInternalRow(2);
  private @Nullable ColumnarBatch batch;
  private int row;
  private int rows;

  /**
   * What rows become.
   *
   * @param separator what stands between two records
   * @param bytes after which a row takes no further record; 1: a record makes a row
   * @param result its type: the records, and their number
   */
  record Form(RecordForm.Recipe recipe, byte[] separator, int bytes, StructType result)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  private BatchRecords(Iterator<ColumnarBatch> batches, int[] ordinals, Form form) {
    this.batches = batches;
    this.form = form;
    RecordForm fields = form.recipe.open();
    List<Expression> values = new ArrayList<>();
    for (int ordinal : ordinals) {
      StructField field = form.recipe.columns().fields()[values.size()];
      columns.add(new BatchColumn(fields.field(values.size()), ordinal));
      values.add(new BoundReference(ordinal, field.dataType(), field.nullable()));
    }
    this.record = Predicate$.MODULE$.create(new BatchRecord(values, form.recipe, columns, sink));
  }

  /**
   * The rows as records; empty where they are not read as batches, or something is computed from
   * what is read.
   *
   * @param ordinals of the record's columns in the rows
   */
  static Optional<Dataset<Row>> of(Dataset<Row> rows, List<Integer> ordinals, Form form) {
    return Scan.below(rows.queryExecution().executedPlan())
        .map(
            scan -> {
              int[] chosen = ordinals.stream().mapToInt(scan.ordinals::get).toArray();
              RDD<InternalRow> records = records(scan.plan.executeColumnar(), chosen, form);
              return rows.sparkSession().internalCreateDataFrame(records, form.result, false);
            });
  }

  private static RDD<InternalRow> records(RDD<ColumnarBatch> batches, int[] ordinals, Form form) {
    return JavaRDD.fromRDD(batches, ClassTag$.MODULE$.<ColumnarBatch>apply(ColumnarBatch.class))
        .<InternalRow>mapPartitions(read -> new BatchRecords(read, ordinals, form))
        .rdd();
  }

  @Override
  public boolean hasNext() {
    while (row == rows) {
      if (!batches.hasNext()) {
        return false;
      }
      open(batches.next());
    }
    return true;
  }

  private void open(ColumnarBatch next) {
    batch = next;
    rows = next.numRows();
    row = 0;
    for (BatchColumn column : columns) {
      column.open(next);
    }
  }

  /** Valid until the next call. */
  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    sink.clear();
    int records = 0;
    do {
      if (records > 0) {
        sink.put(form.separator);
      }
      add();
      records++;
    } while (sink.position < form.bytes && hasNext());
    result.update(0, sink.text());
    result.setInt(1, records);
    return result;
  }

  private void add() {
    ColumnarBatch from = batch;
    if (from == null || !record.eval(from.getRow(row++))) {
      throw new IllegalStateException("no record was added");
    }
  }

  /**
   * A plan that reads batches.
   *
   * @param ordinals in the batches, of each column of the rows
   */
  private record Scan(SparkPlan plan, List<Integer> ordinals) {
    static Optional<Scan> below(SparkPlan rows) {
      SparkPlan plan = rows instanceof WholeStageCodegenExec stage ? stage.child() : rows;
      List<?> chosen = attributes(plan);
      if (plan instanceof ProjectExec project) {
        chosen = JavaConverters.seqAsJavaList(project.projectList());
        plan = project.child();
      }
      if (!(plan instanceof ColumnarToRowExec transition)) {
        return Optional.empty();
      }
      SparkPlan read = transition.child();
      SparkPlan scan = read instanceof InputAdapter adapter ? adapter.child() : read;
      List<ExprId> there = attributes(scan).stream().map(Attribute::exprId).toList();
      List<Integer> ordinals = new ArrayList<>();
      for (Object column : chosen) {
        Object source = column instanceof Alias alias ? alias.child() : column;
        int ordinal = source instanceof Attribute named ? there.indexOf(named.exprId()) : -1;
        if (ordinal < 0) {
          return Optional.empty();
        }
        ordinals.add(ordinal);
      }
      return Optional.of(new Scan(scan, ordinals));
    }

    private static List<Attribute> attributes(SparkPlan plan) {
      return JavaConverters.seqAsJavaList(plan.output());
    }
  }
}
