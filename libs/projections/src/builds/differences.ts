import { systemTiming, TimeLimitError } from '@abland/kernel';
import { inLongTransaction, inTransaction } from '@abland/postgres';
import type { ClientBase, Pool } from 'pg';
import type { Build } from '../engine/build.js';
import { readBuilds } from '../engine/build-rows.js';
import type { Projection } from '../engine/projection.js';
import { type BuildChecksums, checksumsOf } from './build-checksums.js';
import { compareTable, NO_DIFFERENCE, type TableDifference } from './compare-table.js';
import { BuildBehindError, UnknownBuildError } from './errors.js';
import { buildMeant, fateOf } from './lifecycle.js';
import { tablesOf } from './views.js';

/** Of two builds at the same position of the log. */
export interface BuildDifferences {
  readonly projection: string;
  readonly live: number;
  readonly build: number;
  /** Decimal text; null: both are before the first event. */
  readonly position: string | null;
  /** Null where they were not reckoned, which takes as long as reading all rows does. */
  readonly checksums: BuildChecksums | null;
  /** Those in which anything differs. */
  readonly tables: readonly TableDifference[];
}

/** Whether something differs that no change of the definition explains. */
export const isUnexplained = ({ unexplained }: Pick<TableDifference, 'unexplained'>): boolean =>
  unexplained > 0;

export interface DifferencesOptions {
  /** Its number; absent: the only one that is ready. */
  readonly build?: number | undefined;
  /** Milliseconds after which whoever asked waits no more, and neither does the database; null: as long as there is data, for checksums too. */
  readonly withinMs?: number | null;
}

const LEVEL_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/**
 * What readers would see otherwise once a build is promoted: its rows beside the live one's, as both are after the same event.
 * @throws UnknownBuildError, AmbiguousBuildError, BuildStateError; BuildBehindError where the two do not come to one place;
 * TimeLimitError, or the database's own, where it takes too long
 */
export async function differencesOf(
  pool: Pool,
  projection: Projection,
  { build: id, withinMs = null }: DifferencesOptions = {},
): Promise<BuildDifferences> {
  const end = systemTiming.now() + (withinMs ?? Infinity);
  const giveUpAt = Math.min(end, systemTiming.now() + LEVEL_WITHIN_MS);
  const inOne = withinMs === null ? inLongTransaction : inTransaction;
  for (;;) {
    const found = await inOne<BuildDifferences | null>(pool, async (client) => {
      await client.query(ONE_SNAPSHOT);
      const pair = await pairOf(client, projection.name, id);
      if (!areLevel(pair)) return null;
      const found = await compareBuilds(client, projection, pair, () => limit(client, end));
      return withinMs === null
        ? { ...found, checksums: await checksumsOfCompared(client, pair, found) }
        : found;
    });
    if (found !== null) return found;
    if (systemTiming.now() > giveUpAt)
      throw new BuildBehindError(`The build of ${projection.name} does not come level with the live one`, {
        projection: projection.name,
      });
    await systemTiming.pause(LOOK_AGAIN_MS);
  }
}

/** Of a transaction that sees both builds as they are at one moment. */
export const ONE_SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY';

export interface BuildPair {
  readonly live: Build;
  readonly build: Build;
}

/** Whether both are after the same event. */
export const areLevel = ({ build, live }: BuildPair): boolean => build.position === live.position;

async function pairOf(client: ClientBase, projection: string, id?: number): Promise<BuildPair> {
  const builds = await readBuilds(client);
  const live = builds.find((one) => one.projection === projection && one.state === 'LIVE');
  if (live === undefined) throw new UnknownBuildError(`No build of ${projection} is live`, { projection });
  return { live, build: meantToCompare(projection, builds, id) };
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

/** All rows of two builds of a projection, in a transaction that sees them at one moment. */
export async function compareBuilds(
  client: ClientBase,
  projection: Projection,
  { build, live }: BuildPair,
  onTable: () => Promise<void> = () => Promise.resolve(),
): Promise<BuildDifferences> {
  const [before, after] = [await tablesOf(client, live), await tablesOf(client, build)];
  const changes = changesBetween(projection, live, build);
  const tables: TableDifference[] = [];
  for (const table of [...new Set([...before, ...after])].sort()) {
    await onTable();
    const isIn = { live: before.includes(table), build: after.includes(table) };
    if (isIn.live && isIn.build)
      tables.push(await compareTable(client, { table, live: live.schema, build: build.schema, changes }));
    else tables.push({ ...NO_DIFFERENCE, table, [isIn.build ? 'added' : 'removed']: [table] });
  }
  return {
    ...{ projection: live.projection, live: live.id, build: build.id },
    position: live.position?.toString() ?? null,
    checksums: null,
    tables: tables.filter(hasAny),
  };
}

/** Of what was compared, in the same transaction. */
export async function checksumsOfCompared(
  client: ClientBase,
  { build, live }: BuildPair,
  { tables }: Pick<BuildDifferences, 'tables'>,
): Promise<BuildChecksums> {
  const [ofLive, ofBuild] = [await tablesOf(client, live), await tablesOf(client, build)];
  const pair = {
    live: { schema: live.schema, tables: ofLive.toSorted() },
    build: { schema: build.schema, tables: ofBuild.toSorted() },
  };
  return checksumsOf(client, pair, new Set(tables.map(({ table }) => table)));
}

const hasAny = ({ added, changed, onlyBuild, onlyLive, removed }: TableDifference): boolean =>
  changed + onlyBuild + onlyLive + added.length + removed.length > 0;

/** What the definition of a build says that it makes otherwise than the live one's: only a program that has it knows that. */
function changesBetween(
  { changes = {}, version }: Projection,
  live: Build,
  build: Build,
): ReadonlySet<string> {
  if (build.version !== version) return new Set();
  const since = live.version ?? 0;
  const later = Object.entries(changes).filter(([of]) => Number(of) > since && Number(of) <= version);
  return new Set(later.flatMap(([, names]) => names));
}
