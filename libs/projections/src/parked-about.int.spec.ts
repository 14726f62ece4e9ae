import { randomUUID } from 'node:crypto';
import type { NewEvent } from '@abland/kernel';
import type { Deed } from '@abland/testing/market';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { skipParkedIn } from './builds/skip-parked.js';
import { listParkedEvents, parkedAbout } from './parked-events.js';
import {
  BOB,
  GOLD,
  IRON,
  LOOSE,
  openScriptedMarket,
  POOL,
  type ScriptedMarket,
} from './testing/scripted-market.js';
import { CHAIN_ID, OTHER_CHAIN_ID } from './testing/simulated-chain.js';

const ALL = [GOLD, IRON, LOOSE, POOL];
const tooMuch: Deed = () => [
  { type: 'LiquidityRemoved', data: { user: BOB, poolId: POOL, amountA: '1', amountB: '1', liquidity: '9' } },
  { type: 'Transfer', data: { contract: GOLD, from: BOB, to: IRON, amount: `${10n ** 20n}` } },
];

describe('a token or pool about which something was left out', () => {
  let market: ScriptedMarket;
  beforeAll(async () => {
    market = await openScriptedMarket();
    await tell(market.chain.mine([tooMuch]));
  });
  afterAll(() => market.bench.close());

  const tell = async (events: readonly NewEvent[]): Promise<void> => {
    await market.bench.store.append(market.chain.stream, events, 'any');
    await market.bench.project();
  };
  const about = async (chainId = CHAIN_ID): Promise<unknown> => parkedAbout(market.bench.pool, chainId, ALL);
  const parked = async () =>
    (await listParkedEvents(market.bench.pool, { page: { first: 20 } })).edges.map(({ node }) => node);

  it('is marked, of its chain alone, until an operator decided on it', async () => {
    expect(await about()).toEqual(new Set([GOLD, POOL]));
    expect(await about(OTHER_CHAIN_ID)).toEqual(new Set());
    for (const { by: projection, eventId, type } of await parked())
      if (type === 'Transfer') {
        const skipped = { projection, eventId, operationId: randomUUID() };
        await skipParkedIn(market.bench.pool, skipped, () => Promise.resolve());
      }
    expect(await about()).toEqual(new Set([POOL]));
  });

  it('is marked by a log that became no fact, and names it', async () => {
    const [fact] = market.chain.mine([() => [{ type: 'TokenDeactivated', data: { tokenAddress: LOOSE } }]]);
    const log = { address: IRON, topics: [POOL, `0x${LOOSE.slice(2).padStart(64, '0')}`], data: '0x' };
    const told = { role: 'TOKEN_FACTORY', clock: null, code: 'LOG_UNDECODABLE', reason: 'unknown to it' };
    await tell([
      {
        ...{ id: randomUUID(), type: 'LogParked', version: 1, metadata: (fact as NewEvent).metadata },
        data: { contract: IRON, log, ...told },
      },
    ]);
    expect(await about()).toEqual(new Set([IRON, LOOSE, POOL]));
    expect(await about(OTHER_CHAIN_ID)).toEqual(new Set());
  });

  it('is told with where our code was', async () => {
    const removed = (await parked()).find(({ type }) => type === 'LiquidityRemoved');
    expect(removed).toMatchObject({
      code: 'BAD_EVENT',
      stack: expect.stringMatching(/something unknown\n\s+at /),
    });
    expect(removed?.stack?.length).toBeLessThanOrEqual(4_000);
  });
});
