-- Users, groups, roles and what they may do: AWS, "PG_USER", "SVL_USER_INFO", "SVV_ROLES",
-- "SVV_USER_GRANTS", "SVV_ROLE_GRANTS", "SVV_RELATION_PRIVILEGES", "SVV_SCHEMA_PRIVILEGES",
-- "SVV_DEFAULT_PRIVILEGES".

-- A role and a group are both roles of PostgreSQL; CREATE ROLE marks its own.
CREATE FUNCTION penstock_sandbox.identity_type(identity oid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN identity = 0 THEN 'public'
    WHEN EXISTS (SELECT 1 FROM pg_roles r WHERE r.oid = identity AND r.rolcanlogin) THEN 'user'
    WHEN EXISTS (SELECT 1 FROM pg_roles r
                 WHERE r.oid = identity AND 'penstock.kind=role' = ANY (r.rolconfig)) THEN 'role'
    ELSE 'group' END
$$;

CREATE FUNCTION penstock_sandbox.identity_name(identity oid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE identity WHEN 0 THEN 'public' ELSE pg_get_userbyid(identity)::text END
$$;

ALTER VIEW pg_catalog.pg_user RENAME TO postgres_user;
CREATE VIEW pg_catalog.pg_user AS
SELECT rolname AS usename, oid::integer AS usesysid, rolcreatedb AS usecreatedb,
       rolsuper AS usesuper, rolsuper AS usecatupd, '********'::text AS passwd,
       rolvaliduntil AS valuntil, rolconfig AS useconfig
FROM pg_roles WHERE rolcanlogin;

ALTER VIEW pg_catalog.pg_group RENAME TO postgres_group;
CREATE VIEW pg_catalog.pg_group AS
SELECT r.rolname AS groname, r.oid::integer AS grosysid,
       ARRAY(SELECT m.member::integer FROM pg_auth_members m WHERE m.roleid = r.oid) AS grolist
FROM pg_roles r
WHERE r.rolname !~ '^pg_' AND penstock_sandbox.identity_type(r.oid) = 'group';

CREATE VIEW pg_catalog.svl_user_info AS
SELECT r.rolname::text AS usename, r.oid::integer AS usesysid, r.rolcreatedb AS usecreatedb,
       r.rolsuper AS usesuper, r.rolsuper AS usecatupd,
       CASE r.rolconnlimit WHEN -1 THEN 'UNLIMITED' ELSE r.rolconnlimit::text END AS useconnlimit,
       CASE WHEN r.rolsuper THEN 'UNRESTRICTED' ELSE 'RESTRICTED' END AS syslogaccess,
       NULL::timestamp AS last_ddl_ts, 0 AS sessiontimeout, NULL::text AS external_id
FROM pg_roles r
WHERE r.rolcanlogin
  AND (SELECT me.rolsuper FROM pg_roles me WHERE me.rolname = current_user);

CREATE VIEW pg_catalog.svv_roles AS
SELECT r.oid::integer AS role_id, r.rolname::text AS role_name,
       NULL::text AS role_owner, NULL::text AS external_id
FROM pg_roles r WHERE penstock_sandbox.identity_type(r.oid) = 'role';

CREATE VIEW pg_catalog.svv_user_grants AS
SELECT m.member::integer AS user_id, pg_get_userbyid(m.member)::text AS user_name,
       m.roleid::integer AS role_id, pg_get_userbyid(m.roleid)::text AS role_name, m.admin_option
FROM pg_auth_members m
WHERE penstock_sandbox.identity_type(m.roleid) = 'role'
  AND penstock_sandbox.identity_type(m.member) = 'user';

CREATE VIEW pg_catalog.svv_role_grants AS
SELECT m.member::integer AS role_id, pg_get_userbyid(m.member)::text AS role_name,
       m.roleid::integer AS granted_role_id, pg_get_userbyid(m.roleid)::text AS granted_role_name
FROM pg_auth_members m
WHERE penstock_sandbox.identity_type(m.roleid) = 'role'
  AND penstock_sandbox.identity_type(m.member) = 'role';

CREATE VIEW pg_catalog.svv_relation_privileges AS
SELECT r.schema_name::text AS namespace_name, r.table_name::text AS relation_name,
       p.privilege_type::text AS privilege_type, p.grantee::integer AS identity_id,
       penstock_sandbox.identity_name(p.grantee) AS identity_name,
       penstock_sandbox.identity_type(p.grantee) AS identity_type, p.is_grantable AS admin_option
FROM penstock_sandbox.relations r, aclexplode(r.table_acl) p
WHERE p.privilege_type NOT IN ('TRIGGER', 'MAINTAIN');

CREATE VIEW pg_catalog.svv_schema_privileges AS
SELECT s.schema_name::text AS namespace_name, p.privilege_type::text AS privilege_type,
       p.grantee::integer AS identity_id,
       penstock_sandbox.identity_name(p.grantee) AS identity_name,
       penstock_sandbox.identity_type(p.grantee) AS identity_type, p.is_grantable AS admin_option
FROM penstock_sandbox.schemas s, aclexplode(s.schema_acl) p;

CREATE VIEW pg_catalog.svv_default_privileges AS
SELECT n.nspname::text AS schema_name, 'RELATION'::text AS object_type,
       d.defaclrole::integer AS owner_id, pg_get_userbyid(d.defaclrole)::text AS owner_name,
       'user'::text AS owner_type, p.privilege_type::text AS privilege_type,
       p.grantee::integer AS grantee_id, penstock_sandbox.identity_name(p.grantee) AS grantee_name,
       penstock_sandbox.identity_type(p.grantee) AS grantee_type, p.is_grantable AS admin_option
FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace,
     aclexplode(d.defaclacl) p
WHERE d.defaclobjtype = 'r' AND p.privilege_type NOT IN ('TRIGGER', 'MAINTAIN');

DO $$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT c.relname FROM pg_class c
              WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'v'
                AND (c.relname ~ '^(svv|svl|stl|sys)_'
                     OR c.relname IN ('pg_table_def', 'pg_user', 'pg_group'))
  LOOP
    EXECUTE format('GRANT SELECT ON pg_catalog.%I TO PUBLIC', item.relname);
  END LOOP;
END
$$;

-- From here on every change of a definition is looked at.
CREATE EVENT TRIGGER penstock_on_ddl ON ddl_command_end
  WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE VIEW',
               'ALTER VIEW', 'DROP TABLE', 'DROP VIEW', 'DROP SCHEMA', 'ALTER SCHEMA')
  EXECUTE FUNCTION penstock_sandbox.on_ddl();
