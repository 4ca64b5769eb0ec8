-- Functions of Redshift that PostgreSQL lacks (AWS: "SQL functions reference").

UPDATE pg_catalog.pg_proc SET proname = 'postgres_version' WHERE oid = 'pg_catalog.version()'::regprocedure;
CREATE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.100000'::text
$$;

CREATE FUNCTION pg_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE AS $$
  SELECT date_trunc('second', statement_timestamp() AT TIME ZONE 'UTC')
$$;
CREATE FUNCTION pg_catalog.sysdate() RETURNS timestamp LANGUAGE sql STABLE AS $$
  SELECT transaction_timestamp() AT TIME ZONE 'UTC'
$$;
CREATE FUNCTION pg_catalog.len(text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT length($1)
$$;
CREATE FUNCTION pg_catalog.nvl2(anyelement, anycompatible, anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END
$$;
CREATE FUNCTION pg_catalog.charindex(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT strpos($2, $1)
$$;

CREATE FUNCTION pg_catalog.json_parse(text) RETURNS pg_catalog.super
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN $1::json::jsonb;
END
$$;
-- JSON_SERIALIZE, a name that PostgreSQL's grammar takes for itself. Redshift writes no space after
-- a comma or a colon.
CREATE FUNCTION pg_catalog.super_serialize(pg_catalog.super) RETURNS varchar
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN CASE jsonb_typeof($1)
    WHEN 'object' THEN
      '{' || coalesce((SELECT string_agg(to_json(key) || ':' || super_serialize(value), ',')
                       FROM jsonb_each($1)), '') || '}'
    WHEN 'array' THEN
      '[' || coalesce((SELECT string_agg(super_serialize(value), ',')
                       FROM jsonb_array_elements($1)), '') || ']'
    ELSE $1::text
  END;
END
$$;
CREATE FUNCTION pg_catalog.is_valid_json(text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT $1 IS JSON OBJECT OR $1 IS JSON ARRAY
$$;

CREATE FUNCTION penstock_sandbox.date_part_interval(part text, amount bigint) RETURNS interval
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE
    WHEN p IN ('year', 'years', 'y', 'yr', 'yrs') THEN make_interval(years => amount::int)
    WHEN p IN ('quarter', 'quarters', 'qtr', 'qtrs') THEN make_interval(months => 3 * amount::int)
    WHEN p IN ('month', 'months', 'mon', 'mons') THEN make_interval(months => amount::int)
    WHEN p IN ('week', 'weeks', 'w') THEN make_interval(weeks => amount::int)
    WHEN p IN ('day', 'days', 'd') THEN make_interval(days => amount::int)
    WHEN p IN ('hour', 'hours', 'h', 'hr', 'hrs') THEN amount * interval '1 hour'
    WHEN p IN ('minute', 'minutes', 'm', 'min', 'mins') THEN amount * interval '1 minute'
    WHEN p IN ('second', 'seconds', 's', 'sec', 'secs') THEN amount * interval '1 second'
    WHEN p IN ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs') THEN amount * interval '1 millisecond'
    WHEN p IN ('microsecond', 'microseconds', 'us', 'usec', 'usecs') THEN amount * interval '1 microsecond'
    ELSE ('unknown date part ' || p)::interval
  END FROM (SELECT lower(part) AS p) q
$$;
CREATE FUNCTION pg_catalog.dateadd(text, bigint, timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT $3 + penstock_sandbox.date_part_interval($1, $2)
$$;
CREATE FUNCTION pg_catalog.dateadd(text, bigint, timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE STRICT AS $$
  SELECT $3 + penstock_sandbox.date_part_interval($1, $2)
$$;
-- Counts the boundaries between two moments, not the elapsed units.
CREATE FUNCTION pg_catalog.datediff(text, timestamp, timestamp) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE
    WHEN p IN ('year', 'years', 'y', 'yr', 'yrs') THEN extract(year FROM $3) - extract(year FROM $2)
    WHEN p IN ('quarter', 'quarters', 'qtr', 'qtrs') THEN
      4 * (extract(year FROM $3) - extract(year FROM $2))
      + extract(quarter FROM $3) - extract(quarter FROM $2)
    WHEN p IN ('month', 'months', 'mon', 'mons') THEN
      12 * (extract(year FROM $3) - extract(year FROM $2))
      + extract(month FROM $3) - extract(month FROM $2)
    -- Redshift's weeks start on Sunday
    WHEN p IN ('week', 'weeks', 'w') THEN
      (date_trunc('week', $3 + interval '1 day')::date - date_trunc('week', $2 + interval '1 day')::date) / 7
    WHEN p IN ('day', 'days', 'd') THEN $3::date - $2::date
    WHEN p IN ('hour', 'hours', 'h', 'hr', 'hrs') THEN
      extract(epoch FROM date_trunc('hour', $3) - date_trunc('hour', $2)) / 3600
    WHEN p IN ('minute', 'minutes', 'm', 'min', 'mins') THEN
      extract(epoch FROM date_trunc('minute', $3) - date_trunc('minute', $2)) / 60
    WHEN p IN ('second', 'seconds', 's', 'sec', 'secs') THEN
      extract(epoch FROM date_trunc('second', $3) - date_trunc('second', $2))
    WHEN p IN ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs') THEN
      extract(epoch FROM date_trunc('milliseconds', $3) - date_trunc('milliseconds', $2)) * 1000
    WHEN p IN ('microsecond', 'microseconds', 'us', 'usec', 'usecs') THEN
      extract(epoch FROM $3 - $2) * 1000000
    ELSE ('unknown date part ' || p)::bigint
  END::bigint FROM (SELECT lower($1) AS p) q
$$;
CREATE FUNCTION pg_catalog.convert_timezone(text, text, timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT ($3 AT TIME ZONE $1) AT TIME ZONE $2
$$;
CREATE FUNCTION pg_catalog.convert_timezone(text, timestamp) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT ($2 AT TIME ZONE 'UTC') AT TIME ZONE $1
$$;
CREATE FUNCTION pg_catalog.trunc(timestamp) RETURNS date LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT $1::date
$$;
CREATE FUNCTION pg_catalog.sha2(text, integer) RETURNS varchar LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT encode(CASE $2
    WHEN 224 THEN sha224(convert_to($1, 'UTF8'))
    WHEN 0 THEN sha256(convert_to($1, 'UTF8'))
    WHEN 256 THEN sha256(convert_to($1, 'UTF8'))
    WHEN 384 THEN sha384(convert_to($1, 'UTF8'))
    WHEN 512 THEN sha512(convert_to($1, 'UTF8'))
  END, 'hex')::varchar
$$;
CREATE FUNCTION pg_catalog.json_extract_path_text(text, VARIADIC text[]) RETURNS varchar
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT coalesce(json_extract_path_text($1::json, VARIADIC $2), '')::varchar
$$;
CREATE FUNCTION pg_catalog.dateadd(text, bigint, date) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT $3::timestamp + penstock_sandbox.date_part_interval($1, $2)
$$;
-- for a bare literal, which PostgreSQL would otherwise take for a timestamptz
CREATE FUNCTION pg_catalog.dateadd(text, bigint, text) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT $3::timestamp + penstock_sandbox.date_part_interval($1, $2)
$$;
CREATE FUNCTION pg_catalog.datediff(text, timestamptz, timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT datediff($1, $2 AT TIME ZONE 'UTC', $3 AT TIME ZONE 'UTC')
$$;
CREATE FUNCTION pg_catalog.regexp_replace(text, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT regexp_replace($1, $2, '', 'g')
$$;
CREATE FUNCTION pg_catalog.from_varbyte(pg_catalog.varbyte, text) RETURNS varchar
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN CASE lower($2)
    WHEN 'hex' THEN encode($1, 'hex')
    WHEN 'base64' THEN replace(encode($1, 'base64'), E'\n', '')
    WHEN 'utf8' THEN convert_from($1, 'UTF8')
    WHEN 'utf-8' THEN convert_from($1, 'UTF8')
    WHEN 'utf_8' THEN convert_from($1, 'UTF8')
    ELSE penstock_sandbox.refuse('0A000', 'FROM_VARBYTE format ' || $2 || ' is not supported by the sandbox')::text
  END;
END
$$;
CREATE FUNCTION pg_catalog.to_varbyte(text, text) RETURNS pg_catalog.varbyte
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN CASE lower($2)
    WHEN 'hex' THEN decode($1, 'hex')
    WHEN 'base64' THEN decode($1, 'base64')
    WHEN 'utf8' THEN convert_to($1, 'UTF8')
    WHEN 'utf-8' THEN convert_to($1, 'UTF8')
    WHEN 'utf_8' THEN convert_to($1, 'UTF8')
    ELSE penstock_sandbox.refuse('0A000', 'TO_VARBYTE format ' || $2 || ' is not supported by the sandbox')::text::bytea
  END;
END
$$;
