import type { NewEvent } from '@abland/kernel';
import { SeededRandom } from '@abland/testing/seeded-random';
import { testSeed } from '@abland/testing/test-seed';
import { afterEach, describe, expect, it } from '@jest/globals';
import { listBuilds } from './builds/status.js';
import { ChangingMarket } from './testing/changing-market.js';
import type { ProjectionBench } from './testing/projection-bench.js';
import { ALICE, BOB, GOLD, IRON, openScriptedMarket, POOL } from './testing/scripted-market.js';

const FOREVER_MS = 1e13;

describe('what projections keep', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  const violations = async ({ pool }: ProjectionBench): Promise<unknown> =>
    (await listBuilds(pool)).flatMap(({ lastViolation, name, violations: found }) =>
      found > 0 ? [[name, found, lastViolation]] : [],
    );

  it('adds up after each batch of whatever size, over reorgs and finality', async () => {
    const seed = testSeed();
    const market = await ChangingMarket.open(seed, 1 + new SeededRandom(seed).below(40), FOREVER_MS);
    opened.push(market);
    for (let round = 0; round < 15; round += 1) await market.change();
    expect(await violations(market.bench)).toEqual([]);
  });

  it('is told, and nothing stops, where what is stored was changed by hand, and where an event is left out', async () => {
    const { bench, chain } = await openScriptedMarket();
    opened.push(bench);
    const tell = async (events: readonly NewEvent[]): Promise<void> => {
      await bench.store.append(chain.stream, events, 'any');
      await bench.project();
    };
    expect(await violations(bench)).toEqual([]);
    // Its position is less by then than what is taken of it; the pool's liquidity is not.
    const removed = { user: BOB, poolId: POOL, amountA: '1', amountB: '4', liquidity: '2' };
    await tell(chain.mine([() => [{ type: 'LiquidityRemoved', data: removed }]]));
    const liquidity = `The positions in a pool add up to its liquidity: ${chain.chainId}:${POOL} is off by 2`;
    expect(await violations(bench)).toEqual([['pools', 1, liquidity]]);
    const sent = { contract: GOLD, from: BOB, to: IRON, amount: `${10n ** 30n}` };
    await tell(chain.mine([() => [{ type: 'Transfer', data: sent }]]));
    expect(await violations(bench)).toEqual([
      ['holdings', 1, expect.stringMatching(/^A transfer of more than its sender holds: event /)],
      ['pools', 1, liquidity],
    ]);
    const head = await bench.store.head();
    expect((await listBuilds(bench.pool)).filter(({ checkpoint }) => checkpoint !== head)).toEqual([]);
  });

  it('is told where a reorg brings back other rows than those before it', async () => {
    const { bench, chain } = await openScriptedMarket();
    opened.push(bench);
    const tell = async (events: readonly NewEvent[]): Promise<void> => {
      await bench.store.append(chain.stream, events, 'any');
      await bench.project();
    };
    const sent = { contract: GOLD, from: ALICE, to: IRON, amount: '1' };
    await tell(chain.mine([() => [{ type: 'Transfer', data: sent }]]));
    await bench.pool.query(
      `UPDATE read_model.journal_of_holdings SET before = jsonb_set(before, '{supply}', '"99999999"')
       WHERE table_name = 'token_supplies' AND block_number = $1`,
      [chain.head?.number],
    );
    expect(await violations(bench)).toEqual([]);
    await tell(chain.revert(1));
    const told = `The balances of a token add up to its supply: ${chain.chainId}:${GOLD} is off by 1`;
    expect(await violations(bench)).toEqual([['holdings', 1, told]]);
  });
});
