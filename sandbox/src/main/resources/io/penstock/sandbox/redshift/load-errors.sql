-- The files that COPY writes its errors into, text in base64. No transaction holds them back.
CREATE EXTENSION file_fdw WITH SCHEMA penstock_sandbox;
CREATE SERVER penstock_files FOREIGN DATA WRAPPER file_fdw;

CREATE FOREIGN TABLE penstock_sandbox.load_errors_file (
  userid integer, slice integer, tbl integer, starttime timestamp, session integer, query bigint,
  filename text, line_number bigint, colname text, type text, col_length text, position integer,
  raw_line text, raw_field_value text, err_code integer, err_reason text, is_partial integer,
  start_offset bigint)
SERVER penstock_files OPTIONS (filename 'load_errors.csv', format 'csv');

CREATE FOREIGN TABLE penstock_sandbox.load_error_fields_file (
  userid integer, slice integer, session integer, query bigint, filename text, line_number bigint,
  field integer, colname text, value text, is_null integer, type text, col_length text)
SERVER penstock_files OPTIONS (filename 'load_error_fields.csv', format 'csv');

CREATE FUNCTION penstock_sandbox.plain(encoded text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(convert_from(decode(encoded, 'base64'), 'UTF8'), '')
$$;

CREATE VIEW penstock_sandbox.load_errors AS
SELECT userid, slice, tbl, starttime, session, query::integer AS query,
       penstock_sandbox.plain(filename)::char(256) AS filename, line_number,
       penstock_sandbox.plain(colname)::char(127) AS colname,
       penstock_sandbox.plain(type)::char(10) AS type,
       penstock_sandbox.plain(col_length)::char(10) AS col_length, position,
       penstock_sandbox.plain(raw_line)::char(1024) AS raw_line,
       penstock_sandbox.plain(raw_field_value)::char(1024) AS raw_field_value, err_code,
       penstock_sandbox.plain(err_reason)::char(100) AS err_reason, is_partial, start_offset
FROM penstock_sandbox.load_errors_file;

CREATE VIEW penstock_sandbox.load_error_fields AS
SELECT userid, slice, session, query::integer AS query,
       penstock_sandbox.plain(filename)::char(256) AS filename, line_number, field,
       penstock_sandbox.plain(colname)::char(1024) AS colname,
       penstock_sandbox.plain(value)::char(1024) AS value, is_null,
       penstock_sandbox.plain(type)::char(10) AS type,
       penstock_sandbox.plain(col_length)::char(10) AS col_length
FROM penstock_sandbox.load_error_fields_file;

-- Superusers see all rows of the system tables, other users their own.
CREATE FUNCTION penstock_sandbox.is_visible(userid integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT r.rolsuper OR r.oid = userid::oid FROM pg_roles r WHERE r.rolname = current_user
$$;

-- AWS: "STL_LOAD_ERRORS"
CREATE VIEW pg_catalog.stl_load_errors AS
SELECT * FROM penstock_sandbox.load_errors WHERE penstock_sandbox.is_visible(userid);

-- AWS: "STL_LOADERROR_DETAIL"
CREATE VIEW pg_catalog.stl_loaderror_detail AS
SELECT * FROM penstock_sandbox.load_error_fields WHERE penstock_sandbox.is_visible(userid);

-- AWS: "SYS_LOAD_ERROR_DETAIL"
CREATE VIEW pg_catalog.sys_load_error_detail AS
SELECT userid AS user_id,
       query::bigint AS query_id,
       query::bigint AS transaction_id,
       session AS session_id,
       current_database()::char(64) AS database_name,
       tbl AS table_id,
       starttime AS start_time,
       filename AS file_name,
       line_number,
       colname AS column_name,
       type AS column_type,
       col_length AS column_length,
       position,
       err_code AS error_code,
       err_reason::char(512) AS error_message
FROM penstock_sandbox.load_errors
WHERE penstock_sandbox.is_visible(userid);
