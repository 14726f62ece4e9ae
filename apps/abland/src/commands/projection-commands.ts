import type { Command } from 'commander';
import { type Environment, loadDataConfig } from '@abland/platform';
import {
  beginRebuild,
  type Build,
  migrateProjections,
  PROJECTION_NAMES,
  projectionStatus,
  rebuildProjections,
  type StateChecksum,
  stateChecksum,
} from '@abland/projections';
import { type Hand, notingIn, type OperatorsAct } from '@abland/operations';
import { addBuildCommands } from './build-commands.js';
import { timeLeftLine } from './builds/build-line.js';
import { actAtTheTerminal, recordAtTheTerminal } from './operations/act-at-the-terminal.js';
import { type OperatorSession, withSession } from './operator-session.js';
import { say } from '../terminal/say.js';

const PROGRESS_EVERY_MS = 2_000;

export function addProjectionCommands(program: Command, env: Environment): void {
  const projections = program
    .command('projections')
    .description('the read models: what state they are in, and building them anew');
  projections
    .command('status')
    .description('checkpoint, lag, rate and parked events of each')
    .action(() => withSession(loadDataConfig(env), printStatus));
  projections
    .command('checksum')
    .description('SHA-256 over the rows of every table')
    .action(() =>
      withSession(loadDataConfig(env), async ({ pool }) => printChecksum(await stateChecksum(pool))),
    );
  projections
    .command('rebuild')
    .argument('[name]', `one of ${PROJECTION_NAMES.join(', ')} (default: all)`)
    .description(
      'builds read models anew from the log beside the live ones, switches, and prints the state checksums',
    )
    .option('--reason <text>', 'why: it stays in the log', 'rebuilt from the command line')
    .action((name: string | undefined, flags: { reason: string }) =>
      withSession(loadDataConfig(env), (session) => recordedRebuild(session, name, flags.reason)),
    );
  addBuildCommands(projections, env);
}

async function printStatus({ pool, store }: OperatorSession): Promise<void> {
  const rows = await projectionStatus(pool, await store.head());
  if (rows.length === 0) return say('No projection has run yet: start the system once.');
  for (const { name, target, state, checkpoint, behind, parked, lastError } of rows) {
    const error = lastError === null ? '' : `  last error: ${lastError}`;
    say(
      `${name.padEnd(20)} ${target.padEnd(8)} ${state.padEnd(12)} at ${checkpoint ?? '-'}, behind ${behind ?? '-'}, parked ${parked}${error}`,
    );
  }
}

async function recordedRebuild(
  session: OperatorSession,
  name: string | undefined,
  reason: string,
): Promise<void> {
  const act = actAtTheTerminal('REBUILD_PROJECTION', name ?? 'all', reason);
  await migrateProjections(session.pool);
  if (session.approvals.has('PROMOTE_PROJECTION')) return beginOnly(session, act, name);
  const checksum = await recordAtTheTerminal(session, act, async (hand) => {
    const result = await rebuild(session, name, act, hand);
    return { result, figures: [{ name: 'checksum', value: result.total }] };
  });
  printChecksum(checksum);
}

/** Where it takes two operators to promote, a rebuild ends with what they can promote. */
async function beginOnly(
  session: OperatorSession,
  act: OperatorsAct,
  name: string | undefined,
): Promise<void> {
  const { reason, requestedBy: askedBy } = act;
  const projections = name === undefined ? PROJECTION_NAMES : [name];
  const { pool } = session;
  const begun = await recordAtTheTerminal(session, act, async () => {
    const builds: Build[] = [];
    for (const projection of projections)
      builds.push(await beginRebuild({ pool, projection, askedBy, reason, promotesItself: false }));
    return { result: builds, figures: builds.map(({ id }) => ({ name: 'build', value: String(id) })) };
  });
  for (const { id, projection } of begun)
    say(`build ${id} of ${projection} is begun: promote it once it is READY`);
}

async function rebuild(
  { pool, store, logger, journalKeptMs }: OperatorSession,
  name: string | undefined,
  { reason, requestedBy: askedBy }: OperatorsAct,
  hand: Hand,
): Promise<StateChecksum> {
  let printedAt = performance.now();
  const outcomes = await rebuildProjections({
    pool,
    store,
    projections: name === undefined ? PROJECTION_NAMES : [name],
    logger,
    journalKeptMs,
    ...{ askedBy, reason },
    note: notingIn(hand),
    signal: hand.lost,
    clock: Date.now,
    onProgress({ handled, eventsPerSecond, timeLeft }) {
      if (performance.now() - printedAt < PROGRESS_EVERY_MS) return;
      printedAt = performance.now();
      say(`${handled} events, ${Math.round(eventsPerSecond)} a second, ${timeLeftLine(timeLeft)}`);
    },
  });
  for (const { handled, projection, seconds } of outcomes)
    say(`${projection}: rebuilt from ${handled} events in ${seconds.toFixed(1)} s`);
  return stateChecksum(pool, name);
}

function printChecksum({ tables, total }: StateChecksum): void {
  for (const { table, rows, checksum } of tables) say(`${checksum}  ${table} (${rows} rows)`);
  say(`${total}  all`);
}
