import { systemTiming, TimeLimitError } from '@abland/kernel';
import { inLongTransaction, inTransaction } from '@abland/postgres';
import { type ClientBase, escapeIdentifier, type Pool } from 'pg';
import type { Build } from '../engine/build.js';
import { readBuilds } from '../engine/build-rows.js';
import { BuildBehindError, UnknownBuildError } from './errors.js';
import { buildMeant, fateOf } from './lifecycle.js';
import { tablesOf } from './views.js';

export interface RowDifference {
  /** What the row is known by. */
  readonly key: readonly unknown[];
  /** Null: there is none. */
  readonly live: Readonly<Record<string, unknown>> | null;
  readonly build: Readonly<Record<string, unknown>> | null;
  /** Those that both have and that differ. */
  readonly columns: readonly string[];
}

export interface TableDifference {
  readonly table: string;
  /** Columns, or all of the table, that only one of the definitions has: they explain themselves. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly onlyLive: number;
  readonly onlyBuild: number;
  /** Rows that both have and that differ in a column that both have. */
  readonly changed: number;
  readonly sample: readonly RowDifference[];
}

/** Of two builds at the same position of the log. */
export interface BuildDifferences {
  readonly projection: string;
  readonly live: number;
  readonly build: number;
  /** Decimal text; null: both are before the first event. */
  readonly position: string | null;
  /** Those in which anything differs. */
  readonly tables: readonly TableDifference[];
}

/** Whether something differs that no change of the definition's columns explains. */
export const isUnexplained = ({ changed, onlyBuild, onlyLive }: TableDifference): boolean =>
  changed + onlyBuild + onlyLive > 0;

export interface DifferencesOptions {
  /** Its number; absent: the only one that is ready. */
  readonly build?: number | undefined;
  /** Milliseconds after which whoever asked waits no more, and neither does the database; null: as long as there is data. */
  readonly withinMs?: number | null;
}

const SAMPLE_ROWS = 5;
const LEVEL_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/**
 * What readers would see otherwise once a build is promoted: its rows beside the live one's, as both are after the same event.
 * @throws UnknownBuildError, AmbiguousBuildError, BuildStateError; BuildBehindError where the two do not come to one place;
 * TimeLimitError, or the database's own, where it takes too long
 */
export async function differencesOf(
  pool: Pool,
  projection: string,
  { build: id, withinMs = null }: DifferencesOptions = {},
): Promise<BuildDifferences> {
  const end = systemTiming.now() + (withinMs ?? Infinity);
  const giveUpAt = Math.min(end, systemTiming.now() + LEVEL_WITHIN_MS);
  const inOne = withinMs === null ? inLongTransaction : inTransaction;
  for (;;) {
    const found = await inOne<BuildDifferences | null>(pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const [live, build] = await pairOf(client, projection, id);
      if (live.position !== build.position) return null;
      return compare(client, { live, build }, () => limit(client, end));
    });
    if (found !== null) return found;
    if (systemTiming.now() > giveUpAt)
      throw new BuildBehindError(`The build of ${projection} does not come level with the live one`, {
        projection,
      });
    await systemTiming.pause(LOOK_AGAIN_MS);
  }
}

async function pairOf(client: ClientBase, projection: string, id?: number): Promise<readonly [Build, Build]> {
  const builds = await readBuilds(client);
  const live = builds.find((one) => one.projection === projection && one.state === 'LIVE');
  if (live === undefined) throw new UnknownBuildError(`No build of ${projection} is live`, { projection });
  return [live, meantToCompare(projection, builds, id)];
}

/** Also one that is named must be ready: what is not level differs by what it has not seen. */
function meantToCompare(projection: string, builds: readonly Build[], id?: number): Build {
  const build = buildMeant('COMPARE', projection, builds, id);
  fateOf('COMPARE', build);
  return build;
}

/** What is begun now ends by then, also at the database. @throws TimeLimitError where there is no time left */
async function limit(client: ClientBase, end: number): Promise<void> {
  const leftMs = Math.floor(end - systemTiming.now());
  if (leftMs === Infinity) return;
  if (leftMs <= 0) throw new TimeLimitError('Comparing the builds took too long');
  await client.query(`SET LOCAL statement_timeout = ${leftMs}; SET LOCAL lock_timeout = ${leftMs}`);
}

async function compare(
  client: ClientBase,
  { build, live }: { readonly live: Build; readonly build: Build },
  onTable: () => Promise<void>,
): Promise<BuildDifferences> {
  const [before, after] = [await tablesOf(client, live), await tablesOf(client, build)];
  const tables: TableDifference[] = [];
  for (const table of [...new Set([...before, ...after])].sort()) {
    await onTable();
    const isIn = { live: before.includes(table), build: after.includes(table) };
    if (isIn.live && isIn.build) tables.push(await compareTable(client, table, live.schema, build.schema));
    else tables.push({ ...SAME, table, [isIn.build ? 'added' : 'removed']: [table] });
  }
  return {
    ...{ projection: live.projection, live: live.id, build: build.id },
    position: live.position?.toString() ?? null,
    tables: tables.filter((one) => isUnexplained(one) || one.added.length + one.removed.length > 0),
  };
}

const SAME = { added: [], removed: [], onlyLive: 0, onlyBuild: 0, changed: 0, sample: [] } as const;

interface ComparedRow {
  key: unknown[];
  live: Record<string, unknown> | null;
  build: Record<string, unknown> | null;
  columns: string[] | null;
  only_live: string;
  only_build: string;
  changed: string;
}

async function compareTable(
  client: ClientBase,
  table: string,
  live: string,
  build: string,
): Promise<TableDifference> {
  const [before, after] = [await columnsOf(client, live, table), await columnsOf(client, build, table)];
  const added = after.names.filter((name) => !before.names.includes(name));
  const removed = before.names.filter((name) => !after.names.includes(name));
  const rowsOf = (schema: string): string =>
    `SELECT jsonb_build_array(${after.key.map((name) => `t.${escapeIdentifier(name)}`).join(', ')}) AS key, to_jsonb(t) AS row
     FROM ${escapeIdentifier(schema)}.${escapeIdentifier(table)} t`;
  const { rows } = await client.query<ComparedRow>(
    `WITH differing AS (
       SELECT key, l.row AS live, b.row AS build FROM (${rowsOf(live)}) l FULL JOIN (${rowsOf(build)}) b USING (key)
       WHERE l.row - $1::text[] IS DISTINCT FROM b.row - $2::text[]
     ), counted AS (
       SELECT count(*) FILTER (WHERE build IS NULL) AS only_live, count(*) FILTER (WHERE live IS NULL) AS only_build,
         count(*) FILTER (WHERE live IS NOT NULL AND build IS NOT NULL) AS changed FROM differing
     )
     SELECT d.*, counted.*, (SELECT array_agg(name ORDER BY name) FROM jsonb_object_keys(d.live - $1::text[]) AS name
         WHERE d.build IS NOT NULL AND d.live -> name IS DISTINCT FROM d.build -> name) AS columns
     FROM counted, (SELECT * FROM differing ORDER BY key LIMIT ${SAMPLE_ROWS}) d`,
    [removed, added],
  );
  const [counts] = rows;
  return {
    ...{ table, added, removed },
    onlyLive: Number(counts?.only_live ?? 0),
    onlyBuild: Number(counts?.only_build ?? 0),
    changed: Number(counts?.changed ?? 0),
    sample: rows.map((row) => ({
      key: row.key,
      live: row.live,
      build: row.build,
      columns: row.columns ?? [],
    })),
  };
}

/** Of a table as it lies there, with those of its primary key in their order. */
async function columnsOf(
  client: ClientBase,
  schema: string,
  table: string,
): Promise<{ readonly names: readonly string[]; readonly key: readonly string[] }> {
  const { rows } = await client.query<{ name: string; place: number | null }>(
    `SELECT a.attname::text AS name, array_position(i.indkey::int2[], a.attnum) AS place
     FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
     WHERE a.attrelid = format('%I.%I', $1::text, $2::text)::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [schema, table],
  );
  const key = rows.flatMap(({ name, place }) => (place === null ? [] : { name, place }));
  return {
    names: rows.map(({ name }) => name),
    key: key.sort((one, other) => one.place - other.place).map(({ name }) => name),
  };
}
