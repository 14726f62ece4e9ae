import type { NewEvent, Position } from '@abland/kernel';
import type { Deed } from '@abland/testing/market';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tokenAnalytics } from '../analytics/token-analytics.js';
import { listCandles } from '../candles/queries.js';
import { chainHead } from '../chain-head/queries.js';
import { poolHistory } from '../pools/history-query.js';
import { poolById } from '../pools/queries.js';
import type { At } from '../read-model/past-state.js';
import { listTokens } from '../tokens/list-tokens.js';
import type { ProjectionBench } from '../testing/projection-bench.js';
import {
  BOB,
  GOLD,
  here,
  IRON,
  openScriptedMarket,
  POOL,
  type ScriptedMarket,
} from '../testing/scripted-market.js';
import { type AsOf, type LogTimes, stateAsOf } from './as-of.js';

const trade: Deed = () => [
  {
    type: 'Swap',
    data: { user: BOB, poolId: POOL, tokenIn: GOLD, tokenOut: IRON, amountIn: '500', amountOut: '1500' },
  },
  { type: 'Sync', data: { poolId: POOL, reserveA: '1031469', reserveB: '3896200' } },
];

const COPPER = `0x${'7'.repeat(40)}`;
const create =
  (name: string): Deed =>
  () => [
    {
      type: 'TokenCreated',
      data: { tokenAddress: COPPER, creator: BOB, name, symbol: name, totalSupply: '7' },
    },
  ];

describe('a moment between a block and what took it back', () => {
  let market: ScriptedMarket;
  let bench: ProjectionBench;
  /** The first second of a minute, at which the block that is taken back has a trade. */
  let minute: number;
  let position: Position;
  let told: unknown;

  beforeEach(async () => {
    market = await openScriptedMarket();
    ({ bench } = market);
    minute = Math.ceil(((market.chain.head?.time ?? 0) + 600) / 60) * 60;
    await tell(market.chain.mine([trade, create('Copper')], [], minute + 1));
    await bench.project();
    position = (await bench.store.head()) ?? 0n;
    told = await state(null);
    await tell(market.chain.revert(1));
  });
  afterEach(() => bench.close());

  const tell = async (events: readonly NewEvent[]): Promise<void> =>
    void (await bench.store.append(market.chain.stream, events, 'any'));
  /** The log as it was recorded: up to the trade before the minute's third second. */
  const log: LogTimes = {
    clock: () => (minute + 3_600) * 1_000,
    positionRecordedBy: () => Promise.resolve(position),
    recordedAtPosition: () => Promise.resolve((minute + 2) * 1_000),
  };
  const asOf = async (asked: AsOf): Promise<unknown> =>
    state(await stateAsOf(bench.db, log, { ...here, asOf: asked }));
  const state = async (at: At | null): Promise<unknown> => {
    const { db } = bench;
    const minutes = { from: minute - 120, to: minute + 120 };
    const { number } = await chainHead(db, here.chainId, at);
    const history = { ...here, poolId: POOL, interval: '1m', ...minutes, now: minute + 2 } as const;
    const analytics = await tokenAnalytics(db, { ...here, addresses: [GOLD], now: minute + 2, at });
    return {
      number,
      candles: await listCandles(db, { ...here, poolId: POOL, interval: '1m', ...minutes, at }),
      pool: await poolById(db, { ...here, id: POOL, at }),
      volume: analytics.get(GOLD)?.volume24h,
      reserves: await poolHistory(db, { ...history, at }),
    };
  };
  const found = async (search: string, asked: AsOf | null): Promise<unknown> => {
    const at = asked === null ? null : await stateAsOf(bench.db, log, { ...here, asOf: asked });
    const page = { first: 5 };
    const listed = await listTokens(bench.db, { ...here, filter: { search }, now: minute + 2, page, at });
    return listed.edges.map(({ node }) => node.address);
  };

  it.each([
    ['later than that one was', 20],
    ['earlier, and over the end of a minute', -30],
  ])('is told as it was, where the blocks in its place come %s', async (_, seconds) => {
    for (let block = 0; block < 3; block += 1)
      await tell(market.chain.mine([], [], minute + 1 + seconds + 5 * block));
    await tell(market.chain.mine([trade], [], minute + 50));
    await bench.project();
    expect(await state(null)).not.toEqual(told);
    expect(await asOf({ position })).toEqual(told);
    expect(await asOf({ recordedAt: (minute + 2) * 1_000 })).toEqual(told);
    // Of the chain as it is known now that block was never there.
    expect(await asOf({ block: 10 })).toMatchObject({ number: 10, candles: [] });
    expect(await asOf({ blockTime: minute + 49 })).toMatchObject({ number: 12, candles: [] });
    expect(await asOf({ block: 13 })).toMatchObject({ number: 13, candles: [{ time: minute, swaps: 1 }] });
  });

  it('has what it had, where the blocks in its place have other things under the same keys', async () => {
    // The same place of the same block, later than all that the moment can know of; and earlier, before what was asked for of it.
    for (const moved of [3_600, -50]) {
      await tell(market.chain.mine([trade, create('Tin')], [], minute + moved));
      await bench.project();
      expect(await asOf({ position })).toEqual(told);
      expect(await found('Tin', { position })).toEqual([]);
      expect(await found('Copper', { position })).toEqual([COPPER]);
      expect(await found('Copper', null)).toEqual([]);
      await tell(market.chain.revert(1));
    }
  });

  it('is told as it was after the retraction too, before anything came in its place', async () => {
    const retracted = (await bench.store.head()) ?? 0n;
    await bench.project();
    const after = await state(null);
    await tell(market.chain.mine([trade], [], minute + 2));
    await bench.project();
    expect(await asOf({ position: retracted })).toEqual(after);
    expect(await asOf({ position: retracted })).toMatchObject({ number: 9, candles: [] });
    expect(await asOf({ position })).toEqual(told);
  });
});
