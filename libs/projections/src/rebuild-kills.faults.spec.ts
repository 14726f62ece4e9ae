import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPostgresEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { expireLeases } from '@abland/postgres';
import { until } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { testSeed } from '@abland/testing/test-seed';
import { listBuilds } from './builds/status.js';
import { changeBuild } from './act-on-builds.js';
import { stateChecksum } from './checksums.js';
import { PROJECTION_NAMES } from './projections.js';
import { rebuildProjection } from './rebuild-projections.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { CHAIN_ID, CHAIN_STREAM, SimulatedChain } from './testing/simulated-chain.js';
import { simulatedRequest } from './testing/simulated-requests.js';

const PROJECTOR = fileURLToPath(new URL('../../../dist/killed-projector.js', import.meta.url));
const deep = process.env['ABLAND_TEST_DEEP'] === '1';
const KILLS = Number(process.env['ABLAND_TEST_KILLS'] ?? (deep ? 20 : 5));
const BLOCKS = deep ? 400 : 120;

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

describe('a rebuild whose projector is killed', () => {
  let bench: ProjectionBench;
  let random: SeededRandom;
  let projector: ChildProcess | null = null;

  beforeEach(async () => {
    bench = await ProjectionBench.open((connectionString) =>
      openPostgresEventStore({ connectionString, logger: silentLogger }),
    );
    random = new SeededRandom(testSeed());
  });
  afterEach(async () => {
    await kill();
    await bench.close();
  });

  /** Blocks, forks, finality and requests. */
  async function fill(): Promise<void> {
    const chain = new SimulatedChain(random);
    for (let i = 0; i < BLOCKS; i += 1) {
      const others = [...(i % 7 === 6 ? chain.revert(3) : []), ...(i % 10 === 9 ? chain.finalize(6) : [])];
      await bench.store.append(CHAIN_STREAM, [...others, ...chain.mine()], 'any');
      if (i % 5 !== 4) continue;
      for (const { stream, events } of simulatedRequest(random, i, CHAIN_ID))
        await bench.store.append(stream, events, 'any');
    }
  }

  async function start(): Promise<void> {
    const { connectionString = '' } = bench.pool.options;
    const env = { PATH: process.env['PATH'], DATABASE_URL: connectionString };
    projector = spawn(process.execPath, [PROJECTOR], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    if (projector.stdout !== null) await once(projector.stdout, 'data');
  }

  async function kill(): Promise<void> {
    if (projector === null || projector.exitCode !== null || projector.signalCode !== null) return;
    projector.kill('SIGKILL');
    await once(projector, 'exit');
  }

  /** Builds beside all that is live, begun by somebody who went away. */
  async function begin(): Promise<void> {
    const gone = AbortSignal.abort();
    for (const projection of PROJECTION_NAMES) {
      await rebuildProjection({
        ...{ pool: bench.pool, store: bench.store, projection, logger: silentLogger },
        ...{ clock: Date.now, signal: gone },
      });
    }
  }

  it(`ends with the same state, after ${KILLS} kills at random moments`, async () => {
    await fill();
    await bench.project({ batchSize: 50 });
    const before = await stateChecksum(bench.pool);
    const live = (await listBuilds(bench.pool)).map(({ build }) => build);
    await begin();
    const ended = async (): Promise<boolean> => {
      const builds = (await listBuilds(bench.pool)).filter(({ state }) => state === 'LIVE');
      return builds.every(({ build }) => !live.includes(build));
    };
    const untilEnded = () => until(ended, () => listBuilds(bench.pool));
    const msWhole = await milliseconds(async () => {
      await start();
      await untilEnded();
    });
    await kill();
    await expireLeases(bench.pool);
    let interrupted = 0;
    let msMost = msWhole * 0.7;
    // On a machine that is faster by now all may be done before each of so many kills: then there are more, and sooner.
    for (let kills = 0; kills < KILLS || interrupted === 0; kills += 1) {
      // Begun once more where all of them were done between two kills.
      if (await ended()) {
        live.splice(0, live.length, ...(await listBuilds(bench.pool)).map(({ build }) => build));
        await begin();
      }
      await start();
      await sleep(random.below(msMost));
      await kill();
      if (await ended()) msMost *= 0.7;
      else interrupted += 1;
      await expireLeases(bench.pool);
    }
    await start();
    await untilEnded();
    await kill();
    expect(await stateChecksum(bench.pool)).toEqual(before);
    for (const projection of PROJECTION_NAMES) await changeBuild('DISCARD', { pool: bench.pool, projection });
  }, 600_000);
});
