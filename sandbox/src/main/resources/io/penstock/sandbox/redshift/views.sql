-- Views of Redshift's catalog: AWS, "SVV views" and "PG_TABLE_DEF".

CREATE VIEW penstock_sandbox.schemas AS
SELECT n.oid, n.nspname AS schema_name, n.nspowner AS schema_owner, n.nspacl AS schema_acl
FROM pg_namespace n
WHERE n.nspname NOT IN ('pg_toast', 'penstock_sandbox')
  AND n.nspname !~ '^pg_toast_temp_'
  AND (n.nspname !~ '^pg_temp_' OR n.oid = pg_my_temp_schema())
  AND has_schema_privilege(n.oid, 'USAGE');
GRANT SELECT ON penstock_sandbox.schemas TO PUBLIC;

CREATE VIEW penstock_sandbox.relations AS
SELECT c.oid, s.schema_name, c.relname AS table_name, c.relowner AS table_owner,
       c.relacl AS table_acl, c.relkind, c.reltuples,
       CASE WHEN c.relkind = 'v' THEN 'VIEW' ELSE 'TABLE' END AS table_type,
       obj_description(c.oid, 'pg_class') AS remarks,
       coalesce(k.kept ->> 'diststyle', 'AUTO') AS diststyle, k.kept ->> 'distkey' AS distkey,
       coalesce(k.kept ->> 'sortstyle', 'AUTO') AS sortstyle,
       ARRAY(SELECT jsonb_array_elements_text(k.kept -> 'sortkey')) AS sortkey,
       coalesce(k.kept -> 'encodings', '{}') AS encodings
FROM pg_class c
JOIN penstock_sandbox.schemas s ON s.oid = c.relnamespace
LEFT JOIN (SELECT objoid, description::json::jsonb AS kept FROM pg_description
           WHERE classoid = 'pg_class'::regclass AND objsubid = -1) k ON k.objoid = c.oid
WHERE c.relkind IN ('r', 'p', 'v');
GRANT SELECT ON penstock_sandbox.relations TO PUBLIC;

CREATE VIEW penstock_sandbox.columns AS
SELECT r.oid AS table_id, r.schema_name, r.table_name, a.attname AS column_name,
       row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum)::integer AS ordinal_position,
       CASE
         WHEN a.attidentity <> '' THEN
           CASE a.attidentity WHEN 'd' THEN 'default_identity' ELSE '"identity"' END
           || '(' || r.oid || ', ' || (a.attnum - 1) || ', ''' || i.seqstart || ',' || i.seqincrement
           || '''::text)'
         ELSE pg_get_expr(d.adbin, d.adrelid)
       END AS column_default,
       NOT a.attnotnull AS nullable,
       format_type(a.atttypid, a.atttypmod) AS full_type,
       format_type(a.atttypid, NULL) AS data_type,
       CASE WHEN a.atttypid IN ('varchar'::regtype, 'bpchar'::regtype) AND a.atttypmod > 4
            THEN a.atttypmod - 4 END AS character_maximum_length,
       CASE a.atttypid
         WHEN 'numeric'::regtype THEN CASE WHEN a.atttypmod > 4 THEN ((a.atttypmod - 4) >> 16) & 65535 END
         WHEN 'int2'::regtype THEN 16 WHEN 'int4'::regtype THEN 32 WHEN 'int8'::regtype THEN 64
         WHEN 'float4'::regtype THEN 24 WHEN 'float8'::regtype THEN 53
       END AS numeric_precision,
       CASE a.atttypid
         WHEN 'numeric'::regtype THEN CASE WHEN a.atttypmod > 4 THEN (a.atttypmod - 4) & 65535 END
         WHEN 'int2'::regtype THEN 0 WHEN 'int4'::regtype THEN 0 WHEN 'int8'::regtype THEN 0
       END AS numeric_scale,
       CASE a.atttypid WHEN 'numeric'::regtype THEN 10
         WHEN 'int2'::regtype THEN 2 WHEN 'int4'::regtype THEN 2 WHEN 'int8'::regtype THEN 2
         WHEN 'float4'::regtype THEN 2 WHEN 'float8'::regtype THEN 2 END AS numeric_precision_radix,
       CASE WHEN a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype) THEN 6 END
         AS datetime_precision,
       col_description(r.oid, a.attnum) AS remarks,
       coalesce(r.encodings ->> a.attname, 'none') AS encoding,
       coalesce(r.distkey = a.attname, false) AS distkey,
       CASE WHEN array_position(r.sortkey, a.attname::text) IS NULL THEN 0
            WHEN r.sortstyle = 'INTERLEAVED' AND array_position(r.sortkey, a.attname::text) % 2 = 0
              THEN -array_position(r.sortkey, a.attname::text)
            ELSE array_position(r.sortkey, a.attname::text) END AS sortkey,
       a.attacl AS column_acl
FROM penstock_sandbox.relations r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
LEFT JOIN pg_depend p ON a.attidentity <> '' AND p.refobjid = r.oid AND p.refobjsubid = a.attnum
  AND p.deptype = 'i' AND p.classid = 'pg_class'::regclass
LEFT JOIN pg_sequence i ON i.seqrelid = p.objid;
GRANT SELECT ON penstock_sandbox.columns TO PUBLIC;

CREATE VIEW pg_catalog.svv_redshift_databases AS
SELECT datname::varchar(128) AS database_name, datdba::int AS database_owner,
       'local'::varchar(32) AS database_type, datacl::varchar(128) AS database_acl,
       NULL::varchar(128) AS database_options, 'Serializable'::varchar(128) AS database_isolation_level
FROM pg_database WHERE datname = current_database();

CREATE VIEW pg_catalog.svv_redshift_schemas AS
SELECT current_database()::varchar(128) AS database_name, schema_name::varchar(128) AS schema_name,
       schema_owner::int AS schema_owner, 'local'::varchar(128) AS schema_type,
       array_to_string(schema_acl, '~')::varchar(128) AS schema_acl,
       NULL::varchar(128) AS schema_option
FROM penstock_sandbox.schemas;

CREATE VIEW pg_catalog.svv_all_schemas AS
SELECT database_name, schema_name, schema_owner, schema_type, schema_acl,
       NULL::varchar(128) AS source_database, schema_option
FROM svv_redshift_schemas;

CREATE VIEW pg_catalog.svv_redshift_tables AS
SELECT current_database()::varchar(128) AS database_name, schema_name::varchar(128) AS schema_name,
       table_name::varchar(128) AS table_name, table_type::varchar(128) AS table_type,
       array_to_string(table_acl, '~')::varchar(128) AS table_acl, remarks::varchar(128) AS remarks,
       pg_get_userbyid(table_owner)::varchar(128) AS table_owner
FROM penstock_sandbox.relations;

CREATE VIEW pg_catalog.svv_all_tables AS
SELECT database_name, schema_name, table_name, table_acl, table_type, remarks, table_owner AS owner
FROM svv_redshift_tables;

CREATE VIEW pg_catalog.svv_tables AS
SELECT current_database()::varchar(128) AS table_catalog, schema_name::varchar(128) AS table_schema,
       table_name::varchar(128) AS table_name,
       CASE table_type WHEN 'TABLE' THEN 'BASE TABLE' ELSE table_type END::varchar(128) AS table_type,
       remarks::varchar(256) AS remarks
FROM penstock_sandbox.relations;

CREATE VIEW pg_catalog.svv_redshift_columns AS
SELECT current_database()::varchar(128) AS database_name, schema_name::varchar(128) AS schema_name,
       table_name::varchar(128) AS table_name, column_name::varchar(128) AS column_name,
       ordinal_position, full_type::varchar(512) AS data_type,
       column_default::varchar(4000) AS column_default,
       CASE WHEN nullable THEN 'YES' ELSE 'NO' END::varchar(3) AS is_nullable,
       encoding::varchar(128) AS encoding, distkey, sortkey,
       array_to_string(column_acl, '~')::varchar(128) AS column_acl, remarks::varchar(256) AS remarks
FROM penstock_sandbox.columns;

CREATE VIEW pg_catalog.svv_all_columns AS
SELECT current_database()::varchar(128) AS database_name, schema_name::varchar(128) AS schema_name,
       table_name::varchar(128) AS table_name, column_name::varchar(128) AS column_name,
       ordinal_position, column_default::varchar(4000) AS column_default,
       CASE WHEN nullable THEN 'YES' ELSE 'NO' END::varchar(3) AS is_nullable,
       data_type::varchar(128) AS data_type, character_maximum_length, numeric_precision,
       numeric_scale, remarks::varchar(256) AS remarks
FROM penstock_sandbox.columns;

CREATE VIEW pg_catalog.svv_columns AS
SELECT current_database()::varchar(128) AS table_catalog, schema_name::varchar(128) AS table_schema,
       table_name::varchar(128) AS table_name, column_name::varchar(128) AS column_name,
       ordinal_position, column_default::varchar(4000) AS column_default,
       CASE WHEN nullable THEN 'YES' ELSE 'NO' END::varchar(3) AS is_nullable,
       data_type::varchar(128) AS data_type, character_maximum_length, numeric_precision,
       numeric_precision_radix, numeric_scale, datetime_precision,
       NULL::varchar(128) AS interval_type, NULL::varchar(128) AS interval_precision,
       NULL::varchar(128) AS character_set_catalog, NULL::varchar(128) AS character_set_schema,
       NULL::varchar(128) AS character_set_name, NULL::varchar(128) AS collation_catalog,
       NULL::varchar(128) AS collation_schema, NULL::varchar(128) AS collation_name,
       NULL::varchar(128) AS domain_name, remarks::varchar(256) AS remarks
FROM penstock_sandbox.columns;

CREATE VIEW pg_catalog.svv_table_info AS
SELECT current_database()::text AS database, r.schema_name::text AS schema, r.oid::int AS table_id,
       r.table_name::text AS "table",
       CASE WHEN r.encodings = '{}' THEN 'N' ELSE 'Y' END AS encoded,
       CASE r.diststyle WHEN 'KEY' THEN 'KEY(' || r.distkey || ')' WHEN 'AUTO' THEN 'AUTO(ALL)'
                        ELSE r.diststyle END AS diststyle,
       CASE WHEN r.sortstyle = 'AUTO' THEN 'AUTO(SORTKEY)' ELSE r.sortkey[1] END AS sortkey1,
       (SELECT max(c.character_maximum_length) FROM penstock_sandbox.columns c
        WHERE c.table_id = r.oid AND c.data_type = 'character varying') AS max_varchar,
       coalesce(r.encodings ->> r.sortkey[1], 'none') AS sortkey1_enc,
       cardinality(r.sortkey) AS sortkey_num,
       greatest(1, pg_relation_size(r.oid) >> 20) AS size,
       greatest(r.reltuples, 0)::numeric AS tbl_rows,
       greatest(r.reltuples, 0)::numeric AS estimated_visible_rows
FROM penstock_sandbox.relations r
WHERE r.relkind IN ('r', 'p') AND r.schema_name NOT IN ('pg_catalog', 'information_schema')
  AND pg_relation_size(r.oid) > 0;

CREATE VIEW pg_catalog.pg_table_def AS
SELECT schema_name AS schemaname, table_name AS tablename, column_name AS "column",
       full_type AS type, encoding, distkey, sortkey, NOT nullable AS notnull
FROM penstock_sandbox.columns
WHERE schema_name = ANY (current_schemas(true));

-- There are no external schemas here.
CREATE VIEW pg_catalog.svv_external_schemas AS
SELECT 0::oid AS esoid, 0::smallint AS eskind, ''::name AS schemaname, 0 AS esowner,
       ''::text AS databasename, ''::text AS esoptions
WHERE false;

CREATE VIEW pg_catalog.svv_external_databases AS
SELECT 0 AS eskind, ''::text AS esoptions, ''::text AS databasename, ''::text AS location,
       ''::text AS parameters
WHERE false;

CREATE VIEW pg_catalog.svv_external_tables AS
SELECT ''::text AS redshift_database_name, ''::text AS schemaname, ''::text AS tablename,
       ''::text AS tabletype, ''::text AS location, ''::text AS input_format,
       ''::text AS output_format, ''::text AS serialization_lib, ''::text AS serde_parameters,
       0 AS compressed, ''::text AS parameters
WHERE false;

CREATE VIEW pg_catalog.svv_external_columns AS
SELECT ''::text AS redshift_database_name, ''::text AS schemaname, ''::text AS tablename,
       ''::text AS columnname, ''::text AS external_type, 0 AS columnnum, 0 AS part_key,
       ''::text AS is_nullable
WHERE false;
