-- Views WITH NO SCHEMA BINDING (AWS: "CREATE VIEW"): views of PostgreSQL whose dependencies are
-- forgotten, and which are bound to the tables again when a definition changes. Where that fails
-- the view stays, and raises the failure when it is used.

CREATE FUNCTION penstock_sandbox.unbound(state text, message text) RETURNS SETOF integer
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message;
END
$$;

-- A relation's name and columns.
CREATE FUNCTION penstock_sandbox.definition(relation oid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT md5(concat_ws('|', c.relnamespace, c.relname,
    (SELECT string_agg(concat_ws(',', a.attnum, a.attname, a.atttypid, a.atttypmod), ';'
                       ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)))
  FROM pg_class c WHERE c.oid = relation
$$;

-- What a new view depends on: each relation's oid and definition.
CREATE FUNCTION penstock_sandbox.bound_to(view oid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT coalesce(jsonb_object_agg(refobjid::text, penstock_sandbox.definition(refobjid)), '{}')
  FROM (SELECT DISTINCT d.refobjid FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
        WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
          AND r.ev_class = view AND d.refobjid <> view) relations
$$;

-- The view's query, columns and bindings are kept in slot -2.
CREATE FUNCTION penstock_sandbox.bind_late_view(view oid, creating boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  late jsonb := penstock_sandbox.kept(view, -2);
  name text := view::regclass;
  owner text := (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = view);
  comment text := obj_description(view, 'pg_class');
  permissions aclitem[] := (SELECT relacl FROM pg_class WHERE oid = view);
  bound oid;
  permission record;
BEGIN
  BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW %s %s AS %s',
                   name, late ->> 'columns', late ->> 'query');
  EXCEPTION WHEN invalid_table_definition THEN
    -- it has other columns now
    EXECUTE format('DROP VIEW %s', name);
    EXECUTE format('CREATE VIEW %s %s AS %s', name, late ->> 'columns', late ->> 'query');
  END;
  bound := name::regclass;
  EXECUTE format('ALTER VIEW %s OWNER TO %I', name, owner);
  FOR permission IN
    SELECT p.privilege_type, p.grantee, p.is_grantable
    FROM aclexplode(permissions) p JOIN pg_class c ON c.oid = bound WHERE p.grantee <> c.relowner
  LOOP
    EXECUTE format('GRANT %s ON %s TO %s%s', permission.privilege_type, name,
      CASE permission.grantee WHEN 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(permission.grantee)) END,
      CASE WHEN permission.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
  END LOOP;
  IF comment IS NOT NULL THEN
    EXECUTE format('COMMENT ON VIEW %s IS %L', name, comment);
  END IF;
  PERFORM penstock_sandbox.keep(bound, -2,
    late || jsonb_build_object('bound', penstock_sandbox.bound_to(bound)));
  DELETE FROM pg_depend d USING pg_rewrite r
  WHERE d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND r.ev_class = bound
    AND d.refobjid <> bound;
EXCEPTION WHEN OTHERS THEN
  IF creating AND SQLSTATE NOT IN ('42P01', '42703', '42883') THEN
    RAISE;
  END IF;
  PERFORM penstock_sandbox.unbind_late_view(view, SQLSTATE, SQLERRM);
END
$$;

-- Exchanges the view's query for the failure, behind the columns it had.
CREATE FUNCTION penstock_sandbox.unbind_late_view(view oid, state text, message text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  columns text;
BEGIN
  SELECT string_agg(format('NULL::%s AS %I', format_type(atttypid, atttypmod), attname), ', '
                    ORDER BY attnum)
  INTO columns FROM pg_attribute WHERE attrelid = view AND attnum > 0;
  EXECUTE format('CREATE OR REPLACE VIEW %s AS SELECT %s FROM penstock_sandbox.unbound(%L, %L)',
                 view::regclass, columns, state, message);
  PERFORM penstock_sandbox.keep(view, -2, penstock_sandbox.kept(view, -2) - 'bound');
END
$$;

-- Called after every change of a definition.
CREATE FUNCTION penstock_sandbox.bind_late_views() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  late record;
BEGIN
  FOR late IN
    SELECT d.objoid AS view, d.description::json::jsonb -> 'bound' AS bound
    FROM pg_description d
    WHERE d.classoid = 'pg_class'::regclass AND d.objsubid = -2
  LOOP
    IF late.bound IS NULL OR EXISTS (
        SELECT 1 FROM jsonb_each_text(late.bound) b
        WHERE penstock_sandbox.definition(b.key::oid) IS DISTINCT FROM b.value) THEN
      PERFORM penstock_sandbox.bind_late_view(late.view, false);
    END IF;
  END LOOP;
END
$$;

-- A view that was replaced by one with schema binding.
CREATE FUNCTION penstock_sandbox.forget_replaced_views() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DELETE FROM pg_description d USING pg_event_trigger_ddl_commands() c
  WHERE c.command_tag = 'CREATE VIEW' AND c.classid = 'pg_class'::regclass
    AND d.objoid = c.objid AND d.classoid = c.classid AND d.objsubid = -2
$$;

-- Run as the client, who must be allowed to create the view or own it.
CREATE FUNCTION penstock_sandbox.create_late_view(
  view text, replacing boolean, columns text, query text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (replacing AND EXISTS (
      SELECT 1 FROM pg_class c WHERE c.oid = to_regclass(view) AND c.relkind = 'v')) THEN
    EXECUTE format('CREATE VIEW %s AS SELECT NULL::integer AS unbound'
                   || ' FROM penstock_sandbox.unbound(%L, %L)', view, 'XX000', 'not bound');
  END IF;
  PERFORM penstock_sandbox.define_late_view(view::regclass, columns, query);
END
$$;

CREATE FUNCTION penstock_sandbox.define_late_view(view oid, columns text, query text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = view AND c.relkind = 'v'
                 AND pg_has_role(session_user, c.relowner, 'USAGE')) THEN
    RAISE EXCEPTION USING ERRCODE = '42501',
      MESSAGE = format('must be owner of view %s', view::regclass);
  END IF;
  PERFORM set_config('penstock.in_ddl', 'on', true);
  PERFORM penstock_sandbox.keep(view, -2,
    jsonb_build_object('columns', columns, 'query', query));
  PERFORM penstock_sandbox.bind_late_view(view, true);
  PERFORM set_config('penstock.in_ddl', 'off', true);
END
$$;

-- AWS: "PG_GET_LATE_BINDING_VIEW_COLS"
CREATE FUNCTION pg_catalog.pg_get_late_binding_view_cols() RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT n.nspname, c.relname, a.attname,
         format_type(a.atttypid, a.atttypmod)::varchar, a.attnum::integer
  FROM pg_description d
  JOIN pg_class c ON c.oid = d.objoid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  WHERE d.classoid = 'pg_class'::regclass AND d.objsubid = -2
    AND d.description::json::jsonb ? 'bound'
    AND has_schema_privilege(session_user, n.oid, 'USAGE')
$$;
