import { afterEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import type { NewEvent } from '@abland/kernel';
import fc from 'fast-check';
import { parkedEvents } from './engine/status.js';
import { voteMismatches } from './governance/votes-query.js';
import { supplyMismatches } from './holdings/queries.js';
import { stateChecksum } from './start.js';
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
  const chains = [CHAIN_ID, OTHER_CHAIN_ID].map(
    (chainId) => new SimulatedChain(new SeededRandom(seed), 12, chainId),
  );
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

/** How many are told in a run. */
const STORIES = Number(process.env['ABLAND_REORG_STORIES'] ?? 12);

describe('read models after reorgs', () => {
  const open: ProjectionBench[] = [];
  afterEach(async () => {
    for (const bench of open.splice(0)) await bench.close();
  });

  it('are those of the final chains alone, whatever forked before and however the log was cut into batches', async () => {
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
  }, 300_000);

  it('keep no image of a row for a block that is final and long ago', async () => {
    const chain = new SimulatedChain(new SeededRandom(7));
    const log = Array.from({ length: 60 }, () => ({ stream: CHAIN_STREAM, events: chain.mine() }));
    const bench = await fold([...log, { stream: CHAIN_STREAM, events: chain.finalize(10) }], 50);
    open.push(bench);
    const { rows } = await bench.pool.query<{ oldest: string }>(
      'SELECT min(block_number) AS oldest FROM projections.journal',
    );
    expect(Number(rows[0]?.oldest)).toBe(chain.finalized + 1);
  });

  it('leave out a reorg below finality with an alarm, as it can only be answered by an operator', async () => {
    const chain = new SimulatedChain(new SeededRandom(8));
    const log = Array.from({ length: 20 }, () => ({ stream: CHAIN_STREAM, events: chain.mine() }));
    log.push({ stream: CHAIN_STREAM, events: chain.finalize(5) });
    chain.finalized = 1;
    log.push({ stream: CHAIN_STREAM, events: chain.revert(10) });
    const bench = await fold(log, 1_000);
    open.push(bench);
    const parked = await parkedEvents(bench.pool);
    expect(new Set(parked.map((event) => event.type))).toEqual(new Set(['BlocksReverted']));
    expect(parked.every((event) => event.defect)).toBe(true);
  });
});
