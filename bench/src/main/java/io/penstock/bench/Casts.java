package io.penstock.bench;

import io.penstock.common.config.TemplateConfig;
import io.penstock.common.schema.RedshiftType;
import java.util.ArrayList;
import java.util.List;

/**
 * Raw text to the types of a warehouse, as a template of ours and as Spark's casts. Spark's check
 * nothing: text of any length passes as {@code varchar(n)}, and a failed cast is NULL.
 */
final class Casts {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("l_orderkey", "bigint"),
          new Column("l_partkey", "integer"),
          new Column("l_suppkey", "integer"),
          new Column("l_linenumber", "smallint"),
          new Column("l_quantity", "decimal(12,2)"),
          new Column("l_extendedprice", "decimal(12,2)"),
          new Column("l_discount", "decimal(12,2)"),
          new Column("l_tax", "decimal(12,2)"),
          new Column("l_returnflag", "varchar(1)"),
          new Column("l_linestatus", "varchar(1)"),
          new Column("l_shipdate", "date"),
          new Column("l_commitdate", "date"),
          new Column("l_receiptdate", "date"),
          new Column("l_shipinstruct", "varchar(25)"),
          new Column("l_shipmode", "varchar(10)"),
          new Column("l_comment", "varchar(44)"));

  private Casts() {}

  private record Column(String name, String type) {}

  static TemplateConfig template() {
    List<TemplateConfig.Entry> entries = new ArrayList<>();
    for (Column column : COLUMNS) {
      entries.add(
          new TemplateConfig.Entry(
              column.name(),
              new TemplateConfig.Origin.From(column.name()),
              RedshiftType.parse(column.type()),
              false,
              true));
    }
    return new TemplateConfig(entries, TemplateConfig.Unmapped.DROP, TemplateConfig.BadValue.FAIL);
  }

  static List<String> expressions() {
    return COLUMNS.stream()
        .map(column -> "cast(%s as %s) as %1$s".formatted(column.name(), column.type()))
        .toList();
  }
}
