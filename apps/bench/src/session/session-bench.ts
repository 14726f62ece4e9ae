import { parseArgs } from 'node:util';
import { SeededRandom } from '@abland/testing/seeded-random';
import { testSeed } from '@abland/testing/test-seed';
import { fillLog } from '../rebuild/dex-log.js';
import type { Bench } from '../report/bench.js';
import type { BenchResult } from '../report/results.js';
import { Operator } from './acts.js';
import { SessionSystem } from './session-system.js';
import {
  changeDefinition,
  killAtRandom,
  onEventStoreDb,
  poisonAndSkip,
  type Readings,
  rebuildThroughKills,
  rebuildTwice,
  type Session,
} from './steps.js';

export interface SessionOptions {
  readonly events: number;
  readonly kills: number;
  /** Requests a second of the client. */
  readonly perSecond: number;
  /** Milliseconds for which the client is watched before anything is rebuilt. */
  readonly idleMs: number;
  /** Milliseconds within which each kill comes. */
  readonly killWithinMs: number;
}

/** Read models rebuilt at noon: under a client, through kills, changed, poisoned, and the same in the end. */
export const bench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '1000000' },
      kills: { type: 'string', default: '20' },
      rate: { type: 'string', default: '100' },
    },
  });
  const [events, kills, perSecond] = [values.events, values.kills, values.rate].map(Number) as [
    number,
    number,
    number,
  ];
  return runSession({ events, kills, perSecond, idleMs: 10_000, killWithinMs: 8_000 }, say);
};

/** @throws Error where a state is not what it has to be */
export async function runSession(options: SessionOptions, say: (line: string) => void): Promise<BenchResult> {
  const begun = performance.now();
  const system = await SessionSystem.open();
  let steps = 0;
  const step = (name: string): void => {
    steps += 1;
    say(`${steps}. ${name} (after ${((performance.now() - begun) / 1_000).toFixed(0)} s)`);
  };
  try {
    const session: Session = { system, operator: new Operator(system), tell: (line) => say(`   ${line}`) };
    const readings = await goThrough(session, options, step);
    const { rows } = await system.pool.query<{ server_version: string }>('SHOW server_version');
    say(`All states are the same. (after ${((performance.now() - begun) / 1_000).toFixed(0)} s)`);
    return { bench: 'session', postgres: rows[0]?.server_version ?? null, rows: rowsOf(readings) };
  } finally {
    await system.close();
  }
}

async function goThrough(
  session: Session,
  { events, idleMs, killWithinMs, kills, perSecond }: SessionOptions,
  step: (name: string) => void,
): Promise<Readings> {
  const { operator, system, tell } = session;
  step(`A log of ${events} events`);
  await fillLog(system.store, events);
  step('Read models, made by a projector that follows the log');
  await system.start('projector');
  await operator.until((builds) => builds.every(({ behind }) => behind === 0n));
  const first = await operator.checksum();
  tell(`state ${first}`);
  await system.stopPrograms();
  step(`All of them rebuilt, while a client asks ${perSecond} times a second`);
  const readings = await rebuildThroughKills(session, { idleMs, perSecond });
  await operator.actOnAll('PROMOTE_PROJECTION');
  same(tell, first, await operator.checksum());
  step('A second projector, in which one definition is another');
  await changeDefinition(session);
  same(tell, first, await operator.checksum());
  step('Events that cannot be handled');
  await poisonAndSkip(session);
  const poisoned = await operator.checksum();
  tell(`state ${poisoned}`);
  await system.stopPrograms();
  step('Two rebuilds of everything from the first event on');
  await system.start('projector');
  for (const checksum of await rebuildTwice(session)) same(tell, poisoned, checksum);
  await system.stopPrograms();
  step(`A rebuild whose projector is killed ${kills} times`);
  await killAtRandom(session, { kills, random: new SeededRandom(testSeed()), withinMs: killWithinMs });
  await system.stopPrograms();
  step('The same log in another store');
  // Operators' acts are part of the log, and of its state.
  await system.start('projector');
  same(tell, poisoned, await operator.checksum());
  const last = await operator.wholeChecksum();
  await system.stopPrograms();
  same(tell, last, await onEventStoreDb(session));
  return readings;
}

function same(tell: (line: string) => void, wanted: string, found: string): void {
  if (wanted !== found) throw new Error(`The state is ${found}, and has to be ${wanted}`);
  tell(`state ${found}: the same`);
}

const rowsOf = ({ idle, rebuilding }: Readings): BenchResult['rows'] => [
  {
    work: 'p99 of answers while everything is rebuilt, at 100 a second; the limit is twice the idle one',
    ...{
      unit: 'ms',
      ours: rebuilding.p99,
      peers: { idle: idle.p99 },
      limit: idle.p99 * 2,
      runs: [rebuilding.p99],
    },
  },
];
