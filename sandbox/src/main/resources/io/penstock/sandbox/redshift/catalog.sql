-- Run once per data folder, as superuser, with allow_system_table_mods on. What clients name without
-- a schema is put into pg_catalog, so that no search_path hides it.

CREATE SCHEMA penstock_sandbox;
GRANT USAGE ON SCHEMA penstock_sandbox TO PUBLIC;
GRANT CREATE, USAGE ON SCHEMA public TO PUBLIC;

-- Raises the error of a statement that the front refuses.
CREATE FUNCTION penstock_sandbox.refuse(state text, message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message;
END
$$;

CREATE DOMAIN pg_catalog.super AS jsonb;
CREATE DOMAIN pg_catalog.varbyte AS bytea;

-- A scalar becomes a SUPER scalar when it is stored: no text is parsed but by JSON_PARSE.
DO $$
DECLARE
  scalar text;
BEGIN
  FOREACH scalar IN ARRAY
    ARRAY['varchar', 'text', 'bool', 'int2', 'int4', 'int8', 'numeric', 'float4', 'float8']
  LOOP
    EXECUTE format('CREATE FUNCTION penstock_sandbox.scalar_as_super(%s) RETURNS jsonb'
      || ' LANGUAGE sql IMMUTABLE STRICT AS %L', scalar, 'SELECT to_jsonb($1)');
    EXECUTE format('CREATE CAST (%s AS jsonb)'
      || ' WITH FUNCTION penstock_sandbox.scalar_as_super(%s) AS ASSIGNMENT', scalar, scalar);
  END LOOP;
END
$$;

CREATE SEQUENCE penstock_sandbox.query_ids START 1000;
GRANT USAGE ON SEQUENCE penstock_sandbox.query_ids TO PUBLIC;

-- AWS: "STL_LOAD_ERRORS"
CREATE TABLE penstock_sandbox.load_errors (
  userid integer NOT NULL DEFAULT 100,
  slice integer NOT NULL DEFAULT 0,
  tbl integer,
  starttime timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  session integer,
  query bigint,
  filename text,
  line_number bigint,
  colname text,
  type text,
  col_length text,
  position integer,
  raw_line text,
  raw_field_value text,
  err_code integer,
  err_reason text,
  is_partial integer NOT NULL DEFAULT 0,
  start_offset bigint NOT NULL DEFAULT 0
);

CREATE VIEW pg_catalog.stl_load_errors AS SELECT * FROM penstock_sandbox.load_errors;

-- AWS: "SYS_LOAD_ERROR_DETAIL"
CREATE VIEW pg_catalog.sys_load_error_detail AS
SELECT userid AS user_id,
       query AS query_id,
       query AS transaction_id,
       session AS session_id,
       current_database()::text AS database_name,
       tbl AS table_id,
       starttime AS start_time,
       filename AS file_name,
       line_number,
       colname AS column_name,
       type AS column_type,
       col_length AS column_length,
       position,
       err_code AS error_code,
       err_reason AS error_message
FROM penstock_sandbox.load_errors;

CREATE FUNCTION pg_catalog.pg_last_copy_count() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('penstock.last_copy_count', true), '')::bigint, 0)
$$;

CREATE FUNCTION pg_catalog.pg_last_query_id() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('penstock.last_query_id', true), '')::bigint, -1)
$$;

CREATE FUNCTION pg_catalog.pg_last_unload_count() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('penstock.last_unload_count', true), '')::bigint, 0)
$$;

-- What Redshift keeps of a table and PostgreSQL does not.
CREATE TABLE penstock_sandbox.table_attributes (
  table_id oid PRIMARY KEY,
  diststyle text NOT NULL DEFAULT 'AUTO',
  distkey text,
  sortstyle text NOT NULL DEFAULT 'AUTO',
  sortkey text[] NOT NULL DEFAULT '{}',
  encodings jsonb NOT NULL DEFAULT '{}'
);
GRANT SELECT ON penstock_sandbox.table_attributes TO PUBLIC;

-- VARCHAR and CHAR count bytes: a CHECK per column whose name the front turns into the error.
CREATE FUNCTION penstock_sandbox.limit_bytes(target oid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT c.conname FROM pg_constraint c
    WHERE c.conrelid = target AND c.contype = 'c' AND c.conname LIKE 'penstock\\_bytes\\_%'
      AND NOT EXISTS (
        SELECT 1 FROM pg_attribute a
        WHERE a.attrelid = target AND a.attnum = ANY (c.conkey) AND NOT a.attisdropped
          AND c.conname = penstock_sandbox.limit_name(a.atttypid, a.atttypmod, a.attnum))
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', target::regclass, item.conname);
  END LOOP;
  FOR item IN
    SELECT a.attname, penstock_sandbox.limit_name(a.atttypid, a.atttypmod, a.attnum) AS name,
           a.atttypmod - 4 AS bytes
    FROM pg_attribute a
    WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypmod > 4
      AND a.atttypid IN ('varchar'::regtype, 'bpchar'::regtype)
      AND NOT EXISTS (
        SELECT 1 FROM pg_constraint c
        WHERE c.conrelid = target
          AND c.conname = penstock_sandbox.limit_name(a.atttypid, a.atttypmod, a.attnum))
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (octet_length(%I) <= %s)',
                   target::regclass, item.name, item.attname, item.bytes);
  END LOOP;
END
$$;

CREATE FUNCTION penstock_sandbox.limit_name(type oid, modifier integer, number smallint)
RETURNS name LANGUAGE sql IMMUTABLE AS $$
  SELECT ('penstock_bytes_' || CASE type WHEN 1042 THEN 'char' ELSE 'varchar' END || '_'
          || (modifier - 4) || '_' || number)::name
$$;

-- Keys are information in Redshift, never enforced: the index is marked dead, so that PostgreSQL
-- neither checks nor uses it, and the catalog keeps the constraint.
CREATE FUNCTION penstock_sandbox.disarm_keys(target oid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE pg_index SET indislive = false, indisready = false, indisvalid = false
  WHERE indrelid = target AND indislive AND (indisprimary OR indisunique);
  IF FOUND THEN
    -- makes every session read the table's list of indexes again
    UPDATE pg_class SET relname = relname WHERE oid = target;
  END IF;
END
$$;

CREATE FUNCTION penstock_sandbox.keep_attributes(target oid, given jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  missing text;
BEGIN
  SELECT named.name INTO missing
  FROM (SELECT given ->> 'distkey' AS name
        UNION ALL SELECT jsonb_array_elements_text(coalesce(given -> 'sortkey', '[]'))) named
  WHERE named.name IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM pg_attribute a
                    WHERE a.attrelid = target AND a.attname = named.name AND NOT a.attisdropped)
  LIMIT 1;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = '42703',
      MESSAGE = format('column "%s" named in key does not exist', missing);
  END IF;
  INSERT INTO penstock_sandbox.table_attributes AS t (table_id) VALUES (target)
  ON CONFLICT DO NOTHING;
  UPDATE penstock_sandbox.table_attributes t SET
    diststyle = coalesce(given ->> 'diststyle', t.diststyle),
    distkey = CASE WHEN given ? 'diststyle' THEN given ->> 'distkey' ELSE t.distkey END,
    sortstyle = coalesce(given ->> 'sortstyle', t.sortstyle),
    sortkey = CASE WHEN given ? 'sortkey'
      THEN ARRAY(SELECT jsonb_array_elements_text(given -> 'sortkey')) ELSE t.sortkey END,
    encodings = t.encodings || coalesce(given -> 'encode', '{}')
  WHERE t.table_id = target;
END
$$;

CREATE FUNCTION penstock_sandbox.on_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  command record;
  given text;
BEGIN
  -- the statements below fire this trigger again
  IF current_setting('penstock.in_ddl', true) = 'on' THEN
    RETURN;
  END IF;
  PERFORM set_config('penstock.in_ddl', 'on', true);
  FOR command IN
    SELECT DISTINCT c.objid, c.command_tag, r.relname
    FROM pg_event_trigger_ddl_commands() c JOIN pg_class r ON r.oid = c.objid
    WHERE c.classid = 'pg_class'::regclass AND r.relkind IN ('r', 'p')
  LOOP
    IF command.command_tag <> 'ALTER TABLE' THEN
      DELETE FROM penstock_sandbox.table_attributes WHERE table_id = command.objid;
    END IF;
    FOR given IN
      SELECT (regexp_matches(current_query(), '/\\*penstock(\\{.*?\\})\\*/', 'g'))[1]
    LOOP
      IF given::json ->> 'table' = command.relname THEN
        PERFORM penstock_sandbox.keep_attributes(command.objid, given::json::jsonb);
      END IF;
    END LOOP;
    PERFORM penstock_sandbox.limit_bytes(command.objid);
    PERFORM penstock_sandbox.disarm_keys(command.objid);
  END LOOP;
  PERFORM set_config('penstock.in_ddl', 'off', true);
END
$$;

CREATE EVENT TRIGGER penstock_on_ddl ON ddl_command_end
  WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE')
  EXECUTE FUNCTION penstock_sandbox.on_ddl();

CREATE FUNCTION penstock_sandbox.on_drop() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  DELETE FROM penstock_sandbox.table_attributes t
  USING pg_event_trigger_dropped_objects() d
  WHERE d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND t.table_id = d.objid;
END
$$;

CREATE EVENT TRIGGER penstock_on_drop ON sql_drop EXECUTE FUNCTION penstock_sandbox.on_drop();
