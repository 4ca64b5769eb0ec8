package io.penstock.bench;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.math.BigDecimal;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Tables of the TPC-H benchmark as Spark rows, generated in parallel without any input. */
public final class TpchData {
  private static final int MONEY_PRECISION = 12;
  private static final int MONEY_SCALE = 2;
  private static final double ROWS_OF_A_PART = 1_500_000;

  private final SparkSession spark;
  private final double scale;

  /**
   * @param scale 1 is the size at which lineitem has about six million rows
   */
  public TpchData(SparkSession spark, double scale) {
    this.spark = spark;
    this.scale = scale;
  }

  /**
   * @param name of a TPC-H table, such as {@code lineitem}; columns keep the specification's names
   */
  public Dataset<Row> table(String name) {
    TpchTable<?> table = TpchTable.getTable(name);
    int parts = (int) Math.max(2, Math.ceil(scale * 6_000_000 / ROWS_OF_A_PART));
    double size = scale;
    boolean small = table == TpchTable.NATION || table == TpchTable.REGION;
    int count = small ? 1 : parts;
    return spark
        .range(1, count + 1L, 1, count)
        .flatMap(
            (FlatMapFunction<Long, Row>) part -> rows(name, size, part.intValue(), count),
            Encoders.row(schema(table)));
  }

  private static <E extends TpchEntity> Iterator<Row> rows(
      String name, double scale, int part, int parts) {
    @SuppressWarnings("unchecked")
    TpchTable<E> table = (TpchTable<E>) TpchTable.getTable(name);
    List<TpchColumn<E>> columns = table.getColumns();
    Iterator<E> entities = table.createGenerator(scale, part, parts).iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entities.hasNext();
      }

      @Override
      public Row next() {
        E entity = entities.next();
        Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = value(columns.get(i), entity);
        }
        return RowFactory.create(values);
      }
    };
  }

  private static <E extends TpchEntity> Object value(TpchColumn<E> column, E entity) {
    return switch (column.getType().getBase()) {
      case IDENTIFIER -> column.getIdentifier(entity);
      case INTEGER -> column.getInteger(entity);
      case DATE -> Date.valueOf(LocalDate.ofEpochDay(column.getDate(entity)));
      case DOUBLE -> BigDecimal.valueOf(Math.round(column.getDouble(entity) * 100), MONEY_SCALE);
      case VARCHAR -> column.getString(entity);
    };
  }

  private static StructType schema(TpchTable<?> table) {
    List<StructField> fields = new ArrayList<>();
    for (TpchColumn<?> column : table.getColumns()) {
      DataType type =
          switch (column.getType().getBase()) {
            case IDENTIFIER -> DataTypes.LongType;
            case INTEGER -> DataTypes.IntegerType;
            case DATE -> DataTypes.DateType;
            case DOUBLE -> DataTypes.createDecimalType(MONEY_PRECISION, MONEY_SCALE);
            case VARCHAR -> DataTypes.StringType;
          };
      fields.add(DataTypes.createStructField(column.getColumnName(), type, true));
    }
    return DataTypes.createStructType(fields);
  }
}
