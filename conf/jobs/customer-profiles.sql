SELECT
  c.c_custkey                          AS custkey,
  c.c_name                             AS name,
  c.c_phone                            AS phone,
  c.c_mktsegment                       AS mktsegment,
  c.c_acctbal                          AS acctbal,
  n.n_name                             AS nation,
  count(o.o_orderkey)                  AS orders,
  sum(l.revenue)                       AS revenue,
  min(o.o_orderdate)                   AS first_order,
  max(o.o_orderdate)                   AS last_order
FROM customer c
JOIN nation n ON n.n_nationkey = c.c_nationkey
LEFT JOIN orders o ON o.o_custkey = c.c_custkey
LEFT JOIN (
  SELECT l_orderkey, cast(sum(l_extendedprice * (1 - l_discount)) AS decimal(14, 2)) AS revenue
  FROM lineitem
  GROUP BY l_orderkey
) l ON l.l_orderkey = o.o_orderkey
GROUP BY c.c_custkey, c.c_name, c.c_phone, c.c_mktsegment, c.c_acctbal, n.n_name
