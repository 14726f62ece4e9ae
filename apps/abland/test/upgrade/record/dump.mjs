import pg from 'pg';
import { ALL_MIGRATIONS } from '../../../dist/migrations/all-migrations.js';

/** What the builds of the projections lie in is no migration's: it is written down as the database has it. */
const OF_A_BUILD = '^build_[0-9]+$';
/** Tables that each build has, made like those that a migration made. */
const MADE_LIKE = {
  journal: 'projections.journal_of_a_build',
  parked_events: 'projections.parked_by_a_build',
};

/**
 * All rows of all our tables as COPY text, as pg_dump writes it, with the builds of the projections and what they need. The tables of
 * migrations are made by these.
 */
export async function dumpDatabase(client) {
  await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`);
  await client.query(`SET LOCAL timezone = 'UTC'`);
  const parts = [await extensions(client), ...(await buildSchemas(client)), await views(client)];
  const { rows } = await client.query(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE (n.nspname = ANY ($1) OR n.nspname ~ $2) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> 'migrations'
      ORDER BY 2, 3`,
    [Object.keys(ALL_MIGRATIONS), OF_A_BUILD],
  );
  for (const table of rows) parts.push(await copyOf(client, table));
  await client.query('COMMIT');
  return parts.join('\n');
}

async function extensions(client) {
  const { rows } = await client.query(
    `SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`,
  );
  return rows.map(({ extname }) => `CREATE EXTENSION IF NOT EXISTS ${extname};`).join('\n');
}

async function buildSchemas(client) {
  const { rows: schemas } = await client.query(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname ~ $1 ORDER BY nspname`,
    [OF_A_BUILD],
  );
  const { rows } = await client.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS named, c.relname AS name,
      format('CREATE TABLE %I.%I (%s, %s);', n.nspname, c.relname,
        (SELECT string_agg(format('%I %s%s', attname, format_type(atttypid, atttypmod),
            CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END), ', ' ORDER BY attnum)
          FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
        (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p')) AS made,
      (SELECT string_agg(pg_get_indexdef(indexrelid) || ';', E'\\n' ORDER BY indexrelid)
        FROM pg_index WHERE indrelid = c.oid AND NOT indisprimary) AS indexed
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname ~ $1 AND c.relkind = 'r' ORDER BY n.nspname, c.relname`,
    [OF_A_BUILD],
  );
  return [
    ...schemas.map(({ name }) => `CREATE SCHEMA ${name};`),
    ...rows.map(({ indexed, made, name, named }) =>
      name in MADE_LIKE
        ? `CREATE TABLE ${named} (LIKE ${MADE_LIKE[name]} INCLUDING ALL);`
        : `${made}\n${indexed ?? ''}`,
    ),
  ];
}

async function views(client) {
  const { rows } = await client.query(
    `SELECT format('CREATE VIEW %I.%I AS %s', schemaname, viewname, definition) AS made
       FROM pg_views WHERE schemaname = 'read_model' ORDER BY viewname`,
  );
  return rows.map(({ made }) => made).join('\n');
}

async function copyOf(client, { oid, schema, name }) {
  const { rows: columns } = await client.query(
    `SELECT attname AS name FROM pg_attribute
      WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [oid],
  );
  const names = columns.map((column) => pg.escapeIdentifier(column.name));
  const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
  const { rows } = await client.query({
    text: `SELECT ${names.map((column) => `${column}::text`).join(', ')} FROM ${table} ORDER BY ${await keyOf(client, oid)}`,
    rowMode: 'array',
  });
  const lines = rows.map((row) => row.map(asCopyText).join('\t'));
  return [`COPY ${table} (${names.join(', ')}) FROM stdin;`, ...lines, '\\.', ''].join('\n');
}

async function keyOf(client, oid) {
  const { rows } = await client.query(
    `SELECT string_agg(format('%I', attname), ', ' ORDER BY place) AS key
       FROM pg_constraint, unnest(conkey) WITH ORDINALITY AS parts (part, place), pg_attribute
      WHERE conrelid = $1 AND contype = 'p' AND attrelid = conrelid AND attnum = part`,
    [oid],
  );
  return rows[0]?.key ?? '1';
}

const ESCAPES = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const asCopyText = (value) =>
  value === null ? '\\N' : value.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found]);
