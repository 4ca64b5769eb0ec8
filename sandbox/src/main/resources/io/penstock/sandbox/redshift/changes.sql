-- What the front runs beside statements that PostgreSQL has in another form.

-- AWS: "MERGE", usage notes
CREATE FUNCTION penstock_sandbox.check_merge(target text, source text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  kind "char";
  space oid;
BEGIN
  SELECT relkind, relnamespace INTO kind, space FROM pg_class WHERE oid = target::regclass;
  IF kind NOT IN ('r', 'p') THEN
    RAISE EXCEPTION USING ERRCODE = '42809',
      MESSAGE = format('MERGE target "%s" is not a table', target::regclass);
  END IF;
  IF space = 'pg_catalog'::regnamespace THEN
    RAISE EXCEPTION USING ERRCODE = '42809', MESSAGE = 'MERGE target cannot be a catalog table';
  END IF;
  SELECT relkind INTO kind FROM pg_class WHERE oid = source::regclass;
  IF kind NOT IN ('r', 'p') THEN
    RAISE EXCEPTION USING ERRCODE = '42809',
      MESSAGE = format('MERGE source "%s" is not a table', source::regclass);
  END IF;
  IF target::regclass = source::regclass THEN
    RAISE EXCEPTION USING ERRCODE = '0A000',
      MESSAGE = 'MERGE source and target cannot be the same table';
  END IF;
END
$$;

-- REMOVE DUPLICATES: of the target's rows that match one source row, one stays and is updated.
CREATE FUNCTION penstock_sandbox.merge_rows(target text, source text, alias text, condition text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  named text := CASE alias WHEN '' THEN source ELSE source || ' AS ' || alias END;
  origin text := CASE alias WHEN '' THEN source ELSE alias END;
  target_columns text[];
  source_columns text[];
BEGIN
  SELECT array_agg(quote_ident(attname) ORDER BY attnum) INTO target_columns FROM pg_attribute
  WHERE attrelid = target::regclass AND attnum > 0 AND NOT attisdropped;
  SELECT array_agg(origin || '.' || quote_ident(attname) ORDER BY attnum) INTO source_columns
  FROM pg_attribute WHERE attrelid = source::regclass AND attnum > 0 AND NOT attisdropped;
  IF cardinality(target_columns) <> cardinality(source_columns) THEN
    RAISE EXCEPTION USING ERRCODE = '42601',
      MESSAGE = 'MERGE with REMOVE DUPLICATES needs the same number of columns in both tables';
  END IF;
  EXECUTE format('DELETE FROM %1$s WHERE ctid IN (SELECT extra FROM (SELECT %1$s.ctid AS extra,'
    || ' row_number() OVER (PARTITION BY %2$s.ctid ORDER BY %1$s.ctid) AS number'
    || ' FROM %1$s JOIN %3$s ON %4$s) matches WHERE number > 1)',
    target, origin, named, condition);
  EXECUTE format('MERGE INTO %s USING %s ON %s WHEN MATCHED THEN UPDATE SET %s'
    || ' WHEN NOT MATCHED THEN INSERT VALUES (%s)', target, named, condition,
    (SELECT string_agg(t || ' = ' || s, ', ') FROM unnest(target_columns, source_columns) c (t, s)),
    array_to_string(source_columns, ', '));
END
$$;

-- A column's attributes that ALTER TABLE APPEND compares.
CREATE FUNCTION penstock_sandbox.column_attributes(relation regclass)
RETURNS TABLE (name name, attributes text, is_identity boolean)
LANGUAGE sql STABLE AS $$
  SELECT a.attname,
         format_type(a.atttypid, a.atttypmod) || a.attnotnull
         || coalesce(k.content -> 'encodings' ->> a.attname, 'none'),
         a.attidentity = 'a'
  FROM pg_attribute a, (SELECT penstock_sandbox.kept(relation, -1)) k (content)
  WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
$$;

-- AWS: "ALTER TABLE APPEND"
CREATE FUNCTION penstock_sandbox.append_rows(
  target text, source text, ignore_extra boolean, fill_target boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  nothing jsonb :=
    '{"diststyle": "AUTO", "distkey": null, "sortstyle": "AUTO", "sortkey": []}'::jsonb;
  other record;
  columns text;
BEGIN
  IF EXISTS (SELECT 1 FROM pg_class WHERE oid IN (target::regclass, source::regclass)
             AND (relkind NOT IN ('r', 'p') OR relpersistence = 't')) THEN
    RAISE EXCEPTION USING ERRCODE = '42809',
      MESSAGE = 'ALTER TABLE APPEND needs permanent tables as source and target';
  END IF;
  SELECT key INTO other FROM jsonb_object_keys(nothing) key
  WHERE (nothing || coalesce(penstock_sandbox.kept(target::regclass, -1), '{}')) -> key
    <> (nothing || coalesce(penstock_sandbox.kept(source::regclass, -1), '{}')) -> key
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format(
      'ALTER TABLE APPEND needs the same distribution and sort keys; %s differs', other.key);
  END IF;
  SELECT t.name AS kept, s.name AS moved, t.attributes = s.attributes AS same INTO other
  FROM (SELECT * FROM penstock_sandbox.column_attributes(target::regclass)) t
  FULL JOIN (SELECT * FROM penstock_sandbox.column_attributes(source::regclass)) s
    ON t.name = s.name
  WHERE (t.name IS NULL AND NOT ignore_extra) OR (s.name IS NULL AND NOT fill_target)
    OR t.attributes <> s.attributes OR (t.is_identity AND s.is_identity)
  ORDER BY coalesce(t.name, s.name) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = CASE
      WHEN other.kept IS NULL THEN format('column "%s" of the source table is not in the target'
        || ' table: include IGNOREEXTRA', other.moved)
      WHEN other.moved IS NULL THEN format('column "%s" of the target table is not in the source'
        || ' table: include FILLTARGET', other.kept)
      WHEN other.same THEN format('identity column "%s" cannot be appended', other.kept)
      ELSE format('column "%s" has other attributes in the source table', other.kept) END;
  END IF;
  SELECT string_agg(quote_ident(t.name), ', ') INTO columns
  FROM penstock_sandbox.column_attributes(target::regclass) t
  JOIN penstock_sandbox.column_attributes(source::regclass) s ON s.name = t.name;
  EXECUTE format('INSERT INTO %s (%s) SELECT %2$s FROM %3$s', target, columns, source);
  EXECUTE format('DELETE FROM %s', source);
END
$$;

-- AWS: "ALTER TABLE", ALTER COLUMN column_name TYPE
CREATE FUNCTION penstock_sandbox.check_resize(target text, name text, bytes integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  relation regclass := target::regclass;
  item pg_attribute;
  longest integer;
BEGIN
  SELECT * INTO item FROM pg_attribute a
  WHERE a.attrelid = relation AND a.attname = check_resize.name AND NOT a.attisdropped;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF item.atttypid <> 'varchar'::regtype THEN
    RAISE EXCEPTION USING ERRCODE = '0A000',
      MESSAGE = 'ALTER COLUMN TYPE is only supported for columns of type VARCHAR';
  END IF;
  IF item.atttypmod - 4 = bytes THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'target data size should be different';
  END IF;
  IF item.atthasdef THEN
    RAISE EXCEPTION USING ERRCODE = '0A000',
      MESSAGE = format('cannot alter column "%s", which has a default value', name);
  END IF;
  IF lower(penstock_sandbox.kept(relation, -1) -> 'encodings' ->> name)
      IN ('bytedict', 'runlength', 'text255', 'text32k') THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format(
      'cannot alter column "%s" with compression encoding %s', name,
      penstock_sandbox.kept(relation, -1) -> 'encodings' ->> name);
  END IF;
  IF EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conrelid = relation
             AND c.contype IN ('p', 'u', 'f') AND item.attnum = ANY (c.conkey)) THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format(
      'cannot alter column "%s" with a UNIQUE, PRIMARY KEY or FOREIGN KEY constraint', name);
  END IF;
  EXECUTE format('SELECT max(octet_length(%I)) FROM %s', name, target) INTO longest;
  IF longest > bytes THEN
    RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format(
      'cannot decrease the size of column "%s" below the longest value, %s bytes', name, longest);
  END IF;
END
$$;

-- AWS: "ALTER TABLE", DROP COLUMN
CREATE FUNCTION penstock_sandbox.check_drop(target text, name text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  attributes jsonb := penstock_sandbox.kept(target::regclass, -1);
BEGIN
  IF attributes ->> 'distkey' = name THEN
    RAISE EXCEPTION USING ERRCODE = '0A000',
      MESSAGE = format('cannot drop distkey column "%s"', name);
  END IF;
  IF attributes -> 'sortkey' ? name THEN
    RAISE EXCEPTION USING ERRCODE = '0A000',
      MESSAGE = format('cannot drop sortkey column "%s"', name);
  END IF;
END
$$;
