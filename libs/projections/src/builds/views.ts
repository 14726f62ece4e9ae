import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import { LIVE_SCHEMA } from '../engine/ddl.js';
import type { Build } from '../engine/build.js';
import { JOURNAL, PARKED_EVENTS } from './build-schema.js';

/** Of a projection's live journal, in the schema that readers know. */
export const journalViewOf = (projection: string): string => `journal_of_${viewPart(projection)}`;
/** Of the events that a projection's live build left out. */
export const parkedViewOf = (projection: string): string => `parked_by_${viewPart(projection)}`;

const viewPart = (projection: string): string => projection.replaceAll('-', '_');

type Shown = Pick<Build, 'projection' | 'schema'>;

/** Takes from readers what they see of a build, where they see any; the transaction goes on to show another. */
export async function hideBuild(client: ClientBase, build: Shown | null): Promise<void> {
  if (build !== null) await dropViews(client, await viewsOf(client, build.projection, build.schema));
}

/**
 * Lets readers see a build: a view of each of its tables, with the columns by name, in the place of whatever has that name. Readers
 * wait for the end of the transaction, and see what was before it or what is after.
 */
export async function showBuild(client: ClientBase, { projection, schema }: Shown): Promise<void> {
  const shown = await viewsOf(client, projection, schema);
  await dropViews(client, shown);
  for (const { columns, table, view } of shown) {
    const list = columns.map(escapeIdentifier).join(', ');
    await client.query(
      `CREATE VIEW ${LIVE_SCHEMA}.${escapeIdentifier(view)} AS
       SELECT ${list} FROM ${escapeIdentifier(schema)}.${escapeIdentifier(table)}`,
    );
  }
}

async function dropViews(client: ClientBase, views: readonly View[]): Promise<void> {
  const names = views.map(({ view }) => `${LIVE_SCHEMA}.${escapeIdentifier(view)}`).sort();
  if (names.length > 0) await client.query(`DROP VIEW IF EXISTS ${names.join(', ')}`);
}

/** Whether readers find every table of a build. */
export async function isShown(client: ClientBase, { projection, schema }: Shown): Promise<boolean> {
  const views = await viewsOf(client, projection, schema);
  const { rows } = await client.query<{ shown: string }>(
    `SELECT count(*) AS shown FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = 'v' AND relname = ANY($2)`,
    [LIVE_SCHEMA, views.map(({ view }) => view)],
  );
  return Number(rows[0]?.shown) === views.length;
}

/** Names of a build's tables, without what the engine keeps beside them. */
export async function tablesOf(
  client: ClientBase,
  { projection, schema }: Shown,
): Promise<readonly string[]> {
  const views = await viewsOf(client, projection, schema);
  return views.map(({ table }) => table).filter((table) => table !== JOURNAL && table !== PARKED_EVENTS);
}

interface View {
  readonly view: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** By what lies in the schema: what made it may be of another version. */
async function viewsOf(client: ClientBase, projection: string, schema: string): Promise<readonly View[]> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `SELECT c.relname AS "table", array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = to_regnamespace($1) AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname`,
    [schema],
  );
  return rows.map(({ table, columns }) => ({ table, columns, view: viewName(projection, table) }));
}

/** What readers call a table of a build. */
export function viewName(projection: string, table: string): string {
  if (table === JOURNAL) return journalViewOf(projection);
  return table === PARKED_EVENTS ? parkedViewOf(projection) : table;
}
