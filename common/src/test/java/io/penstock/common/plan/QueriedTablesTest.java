package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.schema.TableName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueriedTablesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          select * from t | public.t
          SELECT a FROM sales.orders o JOIN "Sales"."line ""items" l ON o.id = l.id | sales.orders Sales.line "items
          select * from a, b.c x, (select * from d) y where e in (select f from g) | public.a b.c public.d public.g
          with w as (select * from h), v (x) as (select 1 from i) select * from w, v, W | public.h public.i
          select extract(year from ts), trim(both ' from z' from name) from j -- from k | public.j
          select 'from l' /* from m */ from n union all select * from o left join p using (q) | public.n public.o public.p
          select * from generate_series(1, 2), pg_temp.r | pg_temp.r
          select * from a group by b, c order by d, e | public.a
          select 1 | ``
          """)
  void areThoseAfterFromAndJoin(String sql, String tables) {
    assertThat(
            QueriedTables.of(sql).stream()
                .map(TableName::toString)
                .reduce((first, second) -> first + " " + second)
                .orElse(""))
        .isEqualTo(tables);
  }
}
