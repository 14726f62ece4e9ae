import { afterEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { type NewEvent, silentLogger } from '@abland/kernel';
import fc from 'fast-check';
import { parkedEvents } from './parked-events.js';
import { voteMismatches } from './governance/votes-query.js';
import { supplyMismatches } from './holdings/queries.js';
import { stateChecksum } from './checksums.js';
import { PROJECTION_NAMES } from './projections.js';
import { rebuildProjection } from './rebuild-projections.js';
import { ProjectionBench } from './testing/projection-bench.js';
import { SeededRandom } from '@abland/testing/seeded-random';
import { CHAIN_ID, CHAIN_STREAM, OTHER_CHAIN_ID, SimulatedChain } from './testing/simulated-chain.js';
import { type Appended, simulatedRequest } from './testing/simulated-requests.js';

const chain = fc.integer({ min: 0, max: 1 });
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('mine' as const), chain }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('revert' as const),
      chain,
      depth: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('finalize' as const),
      chain,
      depth: fc.integer({ min: 2, max: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('request' as const), chain }) },
);
const story = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  batchSize: fc.integer({ min: 1, max: 400 }),
  steps: fc.array(step, { minLength: 20, maxLength: 120 }),
});
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

/** The log of two chains as it was recorded, and as it had been if they had never forked. */
function tell({ seed, steps }: Story): { recorded: Appended[]; straight: Appended[] } {
  const random = new SeededRandom(seed);
  // Of the same randomness: what is on one chain has the same addresses on the other.
  // On the other a block takes an hour, so that what counts for a day comes to its end.
  const chains = [
    new SimulatedChain(new SeededRandom(seed), 12, CHAIN_ID),
    new SimulatedChain(new SeededRandom(seed), 3_600, OTHER_CHAIN_ID),
  ];
  const recorded: Appended[] = [];
  /** Chain facts by the block that they lie in; what no reorg takes back has none. */
  const all: { stream: string; event: NewEvent }[] = [];
  const record = (stream: string, events: readonly NewEvent[]): void => {
    if (events.length === 0) return;
    recorded.push({ stream, events });
    all.push(...events.map((event) => ({ stream, event })));
  };
  steps.forEach((next, index) => {
    const chain = chains[next.chain] as SimulatedChain;
    if (next.kind === 'mine') record(chain.stream, chain.mine());
    else if (next.kind === 'revert') record(chain.stream, chain.revert(next.depth));
    else if (next.kind === 'finalize') record(chain.stream, chain.finalize(next.depth));
    else {
      for (const { stream, events } of simulatedRequest(random, index, chain.chainId)) record(stream, events);
    }
  });
  const kept = new Set(
    chains.flatMap(({ blocks, chainId }) => blocks.map(({ hash }) => `${chainId}/${hash}`)),
  );
  const straight = all
    .filter(({ event }) => {
      const place = event.metadata.chain;
      const stays = place === undefined || kept.has(`${place.chainId}/${place.blockHash}`);
      return event.type !== 'BlocksReverted' && stays;
    })
    .map(({ stream, event }) => ({ stream, events: [event] }));
  return { recorded, straight };
}

async function fold(log: readonly Appended[], batchSize: number): Promise<ProjectionBench> {
  const bench = await ProjectionBench.open(new MemoryEventStore());
  for (const { stream, events } of log) await bench.store.append(stream, events, 'any');
  await bench.project({ batchSize });
  return bench;
}

const deep = process.env['ABLAND_TEST_DEEP'] === '1';
/** How many are told in a run: always the same few, and many others by `npm run test:deep`. */
const STORIES = Number(process.env['ABLAND_REORG_STORIES'] ?? (deep ? 60 : 8));

describe('read models after reorgs', () => {
  const open: ProjectionBench[] = [];
  afterEach(async () => {
    for (const bench of open.splice(0)) await bench.close();
  });

  it('are those of the final chains alone, whatever forked before and however the log was cut into batches (ponder#1881, ponder#2184, hyperindex#740, hyperindex#1431)', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const { recorded, straight } = tell(told);
        const forked = await fold(recorded, told.batchSize);
        const straightened = await fold(straight, 1_000);
        try {
          expect(await parkedEvents(forked.pool)).toEqual([]);
          expect(await supplyMismatches(forked.db)).toEqual([]);
          expect(await voteMismatches(forked.db)).toEqual([]);
          expect(await stateChecksum(forked.pool)).toEqual(await stateChecksum(straightened.pool));
        } finally {
          await forked.close();
          await straightened.close();
        }
      }),
      { numRuns: STORIES },
    );
  }, 1_800_000);

  it('keep no image of a row for a block that is final and long ago', async () => {
    const chain = new SimulatedChain(new SeededRandom(7));
    const log = Array.from({ length: 60 }, () => ({ stream: CHAIN_STREAM, events: chain.mine() }));
    const bench = await fold([...log, { stream: CHAIN_STREAM, events: chain.finalize(10) }], 50);
    open.push(bench);
    expect(Math.min(...(await bench.journaledBlocks()))).toBe(chain.finalized + 1);
  });

  it.each([
    ['all at once', 1_000],
    ['in small batches', 3],
  ])(
    'are those of the new branch where an operator had final blocks taken back, folded %s, and so is a rebuild',
    async (_, batchSize) => {
      const chain = new SimulatedChain(new SeededRandom(8));
      const told: NewEvent[] = [];
      const tell = (events: readonly NewEvent[]): void => void told.push(...events);
      for (let count = 0; count < 20; count += 1) tell(chain.mine());
      tell(chain.finalize(5));
      const before = told.length;
      chain.finalized = 1;
      tell(chain.revert(8));
      chain.finalized = 1;
      tell(chain.revert(4)); // a reorg that is told in two parts
      for (let count = 0; count < 12; count += 1) tell(chain.mine());
      tell(chain.finalize(5));
      const kept = new Set(chain.blocks.map(({ hash }) => hash));
      const straight = told.filter(({ data, metadata, type }) => {
        if (type === 'BlocksReverted') return false;
        const hash = metadata.chain?.blockHash ?? (data as { hash?: string }).hash;
        return hash === undefined || kept.has(hash);
      });
      const live = await fold([{ stream: CHAIN_STREAM, events: told.slice(0, before) }], batchSize);
      const straightened = await fold([{ stream: CHAIN_STREAM, events: straight }], 1_000);
      const other = await fold([], 1_000);
      open.push(live, straightened, other);
      await live.store.append(CHAIN_STREAM, told.slice(before), 'any');
      await live.project({ batchSize });
      const expected = await stateChecksum(straightened.pool);
      expect(await parkedEvents(live.pool)).toEqual([]);
      expect(await stateChecksum(live.pool)).toEqual(expected);
      // Beside tables of a database that has not met the reorg yet.
      await other.store.append(CHAIN_STREAM, told, 'any');
      const { pool, store } = other;
      for (const projection of PROJECTION_NAMES)
        await rebuildProjection({ pool, store, projection, logger: silentLogger, clock: Date.now });
      expect(await stateChecksum(pool)).toEqual(expected);
    },
  );
});
