import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger, type Supervised } from '@abland/kernel';
import { eventually, until } from '@abland/testing';
import { SeededRandom } from '@abland/testing/seeded-random';
import { stateChecksum } from './checksums.js';
import { PROJECTION_NAMES } from './projections.js';
import { rebuildProjections } from './rebuild-projections.js';
import {
  isOfThisVersion,
  type RecordedState,
  startRecordingStates,
  statesRecorded,
} from './recorded-states.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { CHAIN_STREAM, SimulatedChain } from './testing/simulated-chain.js';

const DAY_MS = 86_400_000;

describe('the recording of what read models are', () => {
  let bench: ProjectionBench;
  let now: number;
  const running: Supervised[] = [];
  beforeEach(async () => {
    bench = await ProjectionBench.open();
    now = Date.now();
    const chain = new SimulatedChain(new SeededRandom(5));
    for (let blocks = 0; blocks < 20; blocks += 1)
      await bench.store.append(CHAIN_STREAM, chain.mine(), 'any');
    await bench.project();
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    await bench.close();
  });

  const start = (): Supervised => {
    const { pool, store } = bench;
    const timing = { clock: () => now, lookEveryMs: 10, standbyIntervalMs: 20 };
    const one = startRecordingStates({ pool, store, logger: silentLogger, ...timing });
    running.push(one);
    return one;
  };
  const recorded = (): Promise<readonly RecordedState[]> => statesRecorded(bench.store, () => true);
  const countOf = async (): Promise<number> => {
    let count = 0;
    for await (const page of bench.store.readAll({ filter: { types: ['StateChecksumsRecorded'] } }))
      count += page.length;
    return count;
  };
  const someLooks = async (one: Supervised): Promise<void> => {
    await until(() => one.status().progressAgeMs !== null);
    await new Promise((resolve) => setTimeout(resolve, 50));
  };

  it('comes once a day, for all that are live, with what `projections checksum` says of their tables', async () => {
    const one = start();
    await someLooks(one);
    expect(await countOf()).toBe(0); // live since the first start: the next day has them
    now += DAY_MS;
    await eventually(async () => expect(await countOf()).toBe(PROJECTION_NAMES.length));
    const states = await recorded();
    const { tables } = await stateChecksum(bench.pool);
    const told = states.flatMap(({ data }) => data.tables).toSorted((a, b) => (a.table < b.table ? -1 : 1));
    expect(told).toEqual(tables.map(({ checksum, rows, table }) => ({ checksum, rows, table })));
    expect(states.every(({ data }) => isOfThisVersion(data))).toBe(true);
    const head = states[0]?.data.after;
    expect([head?.stream, head?.position]).toEqual([CHAIN_STREAM, expect.stringMatching(/^\d+$/)]);
    await someLooks(one);
    expect(await countOf()).toBe(PROJECTION_NAMES.length);
  });

  it('comes whenever other tables became live, also where no program saw it', async () => {
    const first = start();
    await someLooks(first);
    now += DAY_MS;
    await eventually(async () => expect(await countOf()).toBe(PROJECTION_NAMES.length));
    await first.stop();
    now -= DAY_MS; // the day on which the store has it: nothing else is due
    const builds = new Set((await recorded()).map(({ data }) => data.build));
    const { pool, store } = bench;
    await rebuildProjections({ pool, store, logger: silentLogger, clock: Date.now, projections: ['pools'] });
    start();
    await eventually(async () => {
      const pools = (await recorded()).find(({ data }) => data.projection === 'pools');
      expect(builds.has(pools?.data.build ?? -1)).toBe(false);
    });
  });

  it('is done by one program at a time', async () => {
    const [first, second] = [start(), start()];
    await eventually(() =>
      expect([first, second].map((one) => one.status().state).sort()).toEqual(['RUNNING', 'STANDBY']),
    );
    now += DAY_MS;
    await eventually(async () => expect(await countOf()).toBe(PROJECTION_NAMES.length));
  });
});
