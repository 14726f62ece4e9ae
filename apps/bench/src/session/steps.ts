import { openEventStore } from '@abland/event-codec';
import { codeOf, failureClassOf, mayPass, silentLogger } from '@abland/kernel';
import { copyLog } from '@abland/log-tools';
import { expireLeases, openPool } from '@abland/postgres';
import {
  buildDifferences,
  listParkedEvents,
  migrateProjections,
  PROJECTION_NAMES,
  rebuildProjections,
  startProjections,
  projectionStatus,
  stateChecksum,
} from '@abland/projections';
import type { ProgramProcess } from '@abland/testing';
import { StandInServer } from '@abland/testing/eventstoredb';
import type { SeededRandom } from '@abland/testing/seeded-random';
import { type Operator, partBuilt } from './acts.js';
import { poison } from './poison.js';
import type { SessionSystem } from './session-system.js';
import { type Reading, readSteadily } from './steady-reader.js';

export interface Session {
  readonly system: SessionSystem;
  readonly operator: Operator;
  /** A line below the step. */
  readonly tell: (line: string) => void;
}

const QUERY =
  '{ pools(first: 5) { edges { node { reserveA reserveB } } } swaps(first: 5) { edges { node { txHash } } } }';
const isWhole = (body: string): boolean => !body.includes('"errors"') && body.includes('"txHash"');
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface Readings {
  readonly idle: Reading;
  /** Until something was killed. */
  readonly rebuilding: Reading;
}

/** A rebuild of everything beside a client, whose projector and database are killed on the way. */
export async function rebuildThroughKills(
  { operator, system, tell }: Session,
  { idleMs, perSecond }: { readonly idleMs: number; readonly perSecond: number },
): Promise<Readings> {
  const api = await system.start('api');
  await untilAnswers(api);
  const projector = await system.start('projector');
  const reader = readSteadily({ url: `${api.url}/graphql`, query: QUERY, perSecond, isWhole });
  await pause(idleMs);
  reader.take(); // the first ones found nothing compiled yet
  await pause(idleMs);
  const idle = reader.take();
  tell(`idle: ${told(idle)}`);
  const begun = performance.now();
  await operator.actOnAll('REBUILD_PROJECTION');
  await operator.until((builds) => partBuilt(builds) > 0.3);
  const rebuilding = reader.take();
  tell(`while it is rebuilt: ${told(rebuilding)}`);
  await projector.end('SIGKILL');
  tell(`SIGKILL of the projector at ${percent(partBuilt(await operator.builds()))}`);
  await system.start('projector');
  await operator.until((builds) => partBuilt(builds) > 0.6);
  tell(
    `another projector went on, and is at ${percent(partBuilt(await operator.builds()))}: ${told(reader.take())}`,
  );
  await system.killDatabase();
  tell('SIGKILL of the database, started again on what it left');
  await operator.until((builds) => countOf(builds, 'READY') === PROJECTION_NAMES.length);
  tell(`all builds are READY after ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  await reader.stop();
  tell(`the client, of whom the database was taken away: ${told(reader.take())}`);
  return { idle, rebuilding };
}

/** What a definition that was changed makes otherwise, shown before it is promoted, and taken back. */
export async function changeDefinition({ operator, system, tell }: Session): Promise<void> {
  await system.startChanged();
  await operator.until((builds) => builds.some(({ name, state }) => name === 'tokens' && state === 'READY'));
  const { build, live, position, tables } = await buildDifferences(system.pool, 'tokens');
  tell(`build ${build} beside the live ${live}, both after event ${position}:`);
  for (const { changed, onlyBuild, onlyLive, sample, table } of tables) {
    tell(`  ${table}: ${changed} rows changed, ${onlyLive} gone, ${onlyBuild} new`);
    const [row] = sample;
    const named = (one: Readonly<Record<string, unknown>> | null | undefined) => one?.['name'];
    if (row !== undefined) tell(`  ${row.columns.join(', ')}: ${named(row.live)} -> ${named(row.build)}`);
  }
  const liveBuild = async (): Promise<number | undefined> =>
    (await operator.builds()).find(({ name, state }) => name === 'tokens' && state === 'LIVE')?.build;
  await operator.act('PROMOTE_PROJECTION', 'tokens');
  tell(`promoted: build ${await liveBuild()} is live`);
  await operator.act('SWITCH_BACK_PROJECTION', 'tokens');
  await operator.until((builds) => builds.some((one) => one.build === live && one.state === 'LIVE'));
  tell(`switched back: build ${await liveBuild()} is live`);
  await system.stopChanged();
  await operator.act('DISCARD_PROJECTION', 'tokens');
  await operator.act('REBUILD_PROJECTION', 'tokens');
  await operator.until((builds) => builds.some(({ name, state }) => name === 'tokens' && state === 'READY'));
  await operator.act('PROMOTE_PROJECTION', 'tokens');
  tell(`rebuilt and promoted: build ${await liveBuild()} is live`);
}

/** What cannot be handled is parked, and skipped with a reason. */
export async function poisonAndSkip({ operator, system, tell }: Session): Promise<void> {
  const parkedLog = await poison(system.store);
  await operator.untilLevel();
  const { edges } = await listParkedEvents(system.pool, { page: { first: 20 } });
  for (const { node } of edges)
    tell(`parked at ${node.at} by ${node.by}: ${node.type}, ${node.code}: ${node.reason}`);
  await operator.skip(parkedLog);
  await operator.untilLevel();
  const left = await listParkedEvents(system.pool, { page: { first: 20 } });
  tell(`the log that ingestion could not read is skipped; parked now: ${left.edges.length}`);
}

/** Everything from the first event on, here, twice. */
export async function rebuildTwice(session: Session): Promise<readonly string[]> {
  const checksums: string[] = [];
  for (let run = 1; run <= 2; run += 1) {
    const begun = performance.now();
    await rebuildHere(session);
    // What was taken out of our hands meanwhile, on a machine that had no time for us, the projector carries through.
    await session.operator.until((builds) => countOf(builds, 'BUILDING') + countOf(builds, 'READY') === 0);
    const seconds = (performance.now() - begun) / 1_000;
    checksums.push(await session.operator.checksum());
    session.tell(`rebuild ${run} in ${seconds.toFixed(1)} s: ${checksums.at(-1)}`);
  }
  return checksums;
}

async function rebuildHere({ system: { pool, store }, tell }: Session): Promise<void> {
  const options = { pool, store, projections: PROJECTION_NAMES, logger: silentLogger, clock: Date.now };
  try {
    await rebuildProjections(options);
  } catch (error) {
    if (!mayPass(failureClassOf(error))) throw error;
    tell(`given up here (${codeOf(error)}): the projector goes on with it`);
  }
}

/** A rebuild of everything whose projector is killed so often, at random moments. */
export async function killAtRandom(
  { operator, system, tell }: Session,
  {
    kills,
    random,
    withinMs,
  }: { readonly kills: number; readonly random: SeededRandom; readonly withinMs: number },
): Promise<void> {
  await operator.actOnAll('REBUILD_PROJECTION', { promotesItself: true });
  for (let kill = 1; kill <= kills; kill += 1) {
    if (countOf(await operator.builds(), 'BUILDING') === 0)
      await operator.actOnAll('REBUILD_PROJECTION', { promotesItself: true }).catch(() => undefined);
    const projector = await system.start('projector');
    await pause(random.below(withinMs));
    await projector.end('SIGKILL');
    await expireLeases(system.pool);
    tell(`kill ${kill} at ${percent(partBuilt(await operator.builds()))}`);
  }
  await system.start('projector');
  await operator.until(
    (builds) => countOf(builds, 'BUILDING') + countOf(builds, 'READY') === 0 && countOf(builds, 'LIVE') > 0,
  );
}

/** The log copied to EventStoreDB's stand-in, and read models made of that in a database of their own. */
export async function onEventStoreDb({ system, tell }: Session): Promise<string> {
  const server = await StandInServer.start();
  const store = await openEventStore(server.url, silentLogger);
  const connectionString = await system.anotherDatabase('other_store');
  const pool = openPool({ connectionString, name: 'session', max: 5, logger: silentLogger });
  try {
    const { events } = await copyLog({ from: system.store, to: store });
    tell(`${events} events copied to EventStoreDB's stand-in`);
    await migrateProjections(pool);
    const running = startProjections({ store, pool, logger: silentLogger, clock: Date.now });
    const head = await store.head();
    while (!(await projectionStatus(pool, head)).every(({ behind }) => behind !== null && behind <= 0n))
      await pause(100);
    await running.stop();
    const { total } = await stateChecksum(pool);
    tell(`made from there: ${total}`);
    return total;
  } finally {
    await pool.end();
    await store.close();
    server.kill();
  }
}

async function untilAnswers(api: ProgramProcess): Promise<void> {
  for (;;) {
    await api.status();
    const asked = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERY }),
    };
    const answer = await fetch(`${api.url}/graphql`, asked).then(
      (response) => response.text(),
      () => '',
    );
    if (isWhole(answer)) return;
    await pause(100);
  }
}

const countOf = (builds: readonly { readonly state: string }[], wanted: string): number =>
  builds.filter(({ state }) => state === wanted).length;
const percent = (part: number): string => `${Math.floor(part * 100)} %`;
const told = ({ answers, failed, max, p50, p99 }: Reading): string =>
  `${answers} answers, ${failed} failed, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${max.toFixed(0)} ms`;
