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

CREATE FUNCTION pg_catalog.pg_last_copy_id() RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('penstock.last_copy_id', true), '')::integer, -1)
$$;

CREATE FUNCTION pg_catalog.pg_last_copy_count() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('penstock.last_copy_count', true), '')::bigint, 0)
$$;

CREATE FUNCTION pg_catalog.pg_last_query_id() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('penstock.last_query_id', true), '')::bigint, -1)
$$;

CREATE FUNCTION pg_catalog.pg_last_unload_count() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('penstock.last_unload_count', true), '')::bigint, 0)
$$;

-- What Redshift keeps of a relation and PostgreSQL does not: rows of pg_description beside the
-- comments, whose objsubid is 0 or more. They go with the relation, and as rows of the catalog they
-- are no part of what transactions conflict on.
CREATE FUNCTION penstock_sandbox.kept(relation oid, slot integer) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT d.description::json::jsonb FROM pg_description d
  WHERE d.objoid = relation AND d.classoid = 'pg_class'::regclass AND d.objsubid = slot
$$;

CREATE FUNCTION penstock_sandbox.keep(relation oid, slot integer, content jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog AS $$
  DELETE FROM pg_description d
  WHERE d.objoid = relation AND d.classoid = 'pg_class'::regclass AND d.objsubid = slot;
  INSERT INTO pg_description (objoid, classoid, objsubid, description)
  SELECT relation, 'pg_class'::regclass, slot, content::text WHERE content IS NOT NULL
$$;

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

-- The attributes of a table, in slot -1: diststyle, distkey, sortstyle, sortkey, encodings.
CREATE FUNCTION penstock_sandbox.keep_attributes(target oid, given jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  missing text;
  attributes jsonb := coalesce(penstock_sandbox.kept(target, -1), '{}');
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
  IF given ? 'diststyle' THEN
    attributes := attributes - 'distkey' || jsonb_strip_nulls(
      jsonb_build_object('diststyle', given -> 'diststyle', 'distkey', given -> 'distkey'));
  END IF;
  IF given ? 'sortstyle' THEN
    attributes := attributes
      || jsonb_build_object('sortstyle', given -> 'sortstyle', 'sortkey', given -> 'sortkey');
  END IF;
  IF given ? 'encode' THEN
    attributes := attributes || jsonb_build_object(
      'encodings', coalesce(attributes -> 'encodings', '{}') || (given -> 'encode'));
  END IF;
  IF given ? 'renamed' THEN
    attributes := penstock_sandbox.renamed_attributes(
      attributes, given #>> '{renamed,from}', given #>> '{renamed,to}');
  END IF;
  PERFORM penstock_sandbox.keep(target, -1, attributes);
END
$$;

CREATE FUNCTION penstock_sandbox.renamed_attributes(attributes jsonb, old text, new text)
RETURNS jsonb LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
BEGIN
  IF attributes ->> 'distkey' = old THEN
    attributes := jsonb_set(attributes, '{distkey}', to_jsonb(new));
  END IF;
  IF attributes -> 'encodings' ? old THEN
    attributes := jsonb_set(attributes, '{encodings}',
      (attributes -> 'encodings') - old
      || jsonb_build_object(new, attributes -> 'encodings' -> old));
  END IF;
  IF attributes -> 'sortkey' ? old THEN
    attributes := jsonb_set(attributes, '{sortkey}',
      (SELECT jsonb_agg(CASE key WHEN old THEN new ELSE key END ORDER BY number)
       FROM jsonb_array_elements_text(attributes -> 'sortkey') WITH ORDINALITY k (key, number)));
  END IF;
  RETURN attributes;
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
    SELECT DISTINCT c.objid, r.relname
    FROM pg_event_trigger_ddl_commands() c JOIN pg_class r ON r.oid = c.objid
    WHERE c.classid = 'pg_class'::regclass AND r.relkind IN ('r', 'p')
      AND c.command_tag IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE')
  LOOP
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
  PERFORM penstock_sandbox.forget_replaced_views();
  PERFORM penstock_sandbox.bind_late_views();
  PERFORM set_config('penstock.in_ddl', 'off', true);
END
$$;
