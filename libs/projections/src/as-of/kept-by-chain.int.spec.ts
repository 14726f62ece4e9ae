import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listTokens } from '../tokens/list-tokens.js';
import { ProjectionBench } from '../testing/projection-bench.js';
import { CHAIN_ID, OTHER_CHAIN_ID, SimulatedChain } from '../testing/simulated-chain.js';
import { type AsOf, stateAsOf } from './as-of.js';

const DAY = 86_400;
const KEPT_MS = 10 * DAY * 1_000;
const BLOCKS = 12;

/** How many tokens are listed of a state. */
async function tokensAsOf({ db }: ProjectionBench, chainId: number, asOf: AsOf): Promise<number> {
  const log = {
    clock: Date.now,
    positionRecordedBy: () => Promise.resolve(null),
    recordedAtPosition: () => Promise.resolve(0),
  };
  const at = await stateAsOf(db, log, { chainId, asOf });
  const page = await listTokens(db, { chainId, now: at.time, page: { first: 100 }, at });
  return page.edges.length;
}

describe('the history of a chain', () => {
  /** A block a day: young, beside one whose blocks are all of its first minutes. */
  const young = new SimulatedChain(new SeededRandom(3), DAY, CHAIN_ID);
  const old = new SimulatedChain(new SeededRandom(4), 12, OTHER_CHAIN_ID);
  let bench: ProjectionBench;

  beforeAll(async () => {
    bench = await ProjectionBench.open();
    const chains = [young, old];
    for (const chain of chains)
      for (let block = 0; block < BLOCKS; block += 1)
        await bench.store.append(chain.stream, chain.mine(), 'any');
    let now = (young.head?.time ?? 0) * 1_000;
    bench.start({ clock: () => now, timing: { now: () => now }, journalKeptMs: KEPT_MS });
    await bench.level();
    // What is final and long ago is let go: here all of the old chain, told after the young one's.
    for (const chain of [old, young]) {
      now += 20_000; // what became final may wait for it for a quarter of a minute
      await bench.store.append(chain.stream, chain.finalize(1), 'any');
      await bench.store.append(chain.stream, chain.mine(), 'any');
      await bench.level();
    }
  });
  afterAll(async () => bench.close());

  const told = (chainId: number, asOf: AsOf): Promise<number> => tokensAsOf(bench, chainId, asOf);
  const tokensOf = (chain: SimulatedChain, until: number): number =>
    chain.blocks
      .filter(({ number }) => number <= until)
      .flatMap(({ events }) => events)
      .filter(({ type }) => type === 'TokenCreated').length;

  it('can be read though that of another chain was let go later in the log', async () => {
    for (const block of [6, 9, BLOCKS]) expect(await told(CHAIN_ID, { block })).toBe(tokensOf(young, block));
    expect(tokensOf(young, BLOCKS)).toBeGreaterThan(0);
  });

  it('cannot be read where it was let go, of that chain by itself', async () => {
    const gone = expect.objectContaining({ code: 'AS_OF_NOT_KEPT' });
    await expect(told(OTHER_CHAIN_ID, { block: 6 })).rejects.toEqual(gone);
    await expect(told(CHAIN_ID, { block: 1 })).rejects.toEqual(gone);
    const { rows } = await bench.pool.query<{ kept_from: string | null; chains: string[] }>(
      `SELECT kept_from, ARRAY(SELECT jsonb_object_keys(kept_from_of_chain) ORDER BY 1) AS chains
       FROM projections.builds WHERE projection = 'holdings'`,
    );
    expect(rows).toEqual([{ kept_from: null, chains: [`${CHAIN_ID}`, `${OTHER_CHAIN_ID}`] }]);
  });
});

describe('the history that was let go while a chain was read from its beginning', () => {
  it('stays gone as far as it was pruned later, whatever that run let go before', async () => {
    const chain = new SimulatedChain(new SeededRandom(5), DAY, CHAIN_ID);
    const bench = await ProjectionBench.open();
    try {
      for (let block = 0; block < BLOCKS + 4; block += 1)
        await bench.store.append(chain.stream, chain.mine(), 'any');
      await bench.store.append(chain.stream, chain.finalize(4), 'any');
      let now = (chain.head?.time ?? 0) * 1_000;
      bench.start({ clock: () => now, timing: { now: () => now }, journalKeptMs: KEPT_MS });
      await bench.level();
      const marks: bigint[] = [];
      for (let day = 0; day < 4; day += 1) {
        marks.push(await keptFrom(bench));
        now += DAY * 1_000;
        await bench.store.append(chain.stream, chain.mine(), 'any');
        await bench.level();
      }
      expect(marks[0]).toBeGreaterThan(0n);
      expect(marks.at(-1)).toBeGreaterThan(marks[0] ?? 0n);
      // Nothing becomes old meanwhile.
      await bench.store.append(chain.stream, chain.mine(), 'any');
      await bench.level();
      expect(await keptFrom(bench)).toBeGreaterThanOrEqual(marks.at(-1) ?? 0n);

      // A list that stands behind the blocks is not told as older than what is kept.
      const newest = { block: chain.head?.number ?? 0 };
      expect(await tokensAsOf(bench, CHAIN_ID, newest)).toBeGreaterThan(0);
      await bench.pool.query(
        `UPDATE projections.builds SET position = position - 1 WHERE projection = 'tokens'`,
      );
      await expect(tokensAsOf(bench, CHAIN_ID, newest)).rejects.toMatchObject({ code: 'AS_OF_IN_FUTURE' });
    } finally {
      await bench.close();
    }
  });

  async function keptFrom(bench: ProjectionBench): Promise<bigint> {
    const { rows } = await bench.pool.query<{ mark: string }>(
      `SELECT kept_from_of_chain ->> '${CHAIN_ID}' AS mark FROM projections.builds WHERE projection = 'chain-head'`,
    );
    return BigInt(rows[0]?.mark ?? -1);
  }
});
