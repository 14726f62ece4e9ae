import { type Rows, rowOf } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { marketClocks, marketTrades, tokenMarkets } from './tables.js';
import { rankedOf } from './token-market.js';
import { worthOf } from './worth.js';

/** Seconds of the window of volumes. */
export const WINDOW_SECONDS = 86_400;
/** Trades that leave the window with a block at most, so that a block after a long silence takes no longer than others. */
const LEAVING_MAX = 4_096;
/** Trades that are fetched at once. */
const CHUNK = 64;

export type TradeRow = RowOf<typeof marketTrades>;

/** A trade comes into the window. */
export function countTrade(rows: Rows, trade: Omit<TradeRow, 'number'>): void {
  const { chain_id, block_time } = trade;
  const clock = rows.get(marketClocks, { chain_id }) ?? { chain_id, oldest: 0, oldest_time: 0, next: 0 };
  const isOnly = clock.oldest === clock.next;
  rows.insert(marketTrades, { ...trade, number: clock.next });
  rows.put(marketClocks, {
    ...clock,
    next: clock.next + 1,
    oldest_time: isOnly ? block_time : clock.oldest_time,
  });
  change(rows, chain_id, trade.token_in, trade.amount_in);
  change(rows, chain_id, trade.token_out, trade.amount_out);
}

/** The chain comes to a time: trades that happened a window before it, or earlier, leave. What is left over leaves with the next blocks. */
export function letTradesLeave(rows: Rows, chainId: number, time: number): void {
  const clock = rows.get(marketClocks, { chain_id: chainId });
  if (clock === undefined) return;
  const before = time - WINDOW_SECONDS;
  const { next } = clock;
  const until = Math.min(next, clock.oldest + LEAVING_MAX);
  let { oldest, oldest_time } = clock;
  const tradeAt = (number: number): TradeRow => rows.require(marketTrades, { chain_id: chainId, number });
  while (oldest < until && oldest_time <= before) {
    if (oldest === clock.oldest || oldest % CHUNK === 0) fetchChunk(rows, chainId, oldest, next);
    const { amount_in, amount_out, token_in, token_out } = tradeAt(oldest);
    change(rows, chainId, token_in, -amount_in);
    change(rows, chainId, token_out, -amount_out);
    oldest += 1;
    if (oldest < next) oldest_time = tradeAt(oldest).block_time;
  }
  if (oldest > clock.oldest) rows.put(marketClocks, { ...clock, oldest, oldest_time });
}

/** Trades from a number on and what they change, up to the first of the next chunk: they leave soon. */
function fetchChunk(rows: Rows, chainId: number, from: number, next: number): void {
  const end = Math.min(from - (from % CHUNK) + CHUNK + 1, next);
  const keys = Array.from({ length: end - from }, (_, index) => ({
    chain_id: chainId,
    number: from + index,
  }));
  rows.need(keys.map((key) => rowOf(marketTrades, key)));
  const tokens = keys.flatMap((key) => {
    const { token_in, token_out } = rows.require(marketTrades, key);
    return [token_in, token_out];
  });
  rows.need(tokens.map((token) => rowOf(tokenMarkets, { chain_id: chainId, token })));
}

function change(rows: Rows, chainId: number, token: string, amount: bigint): void {
  const key = { chain_id: chainId, token };
  const market = rows.require(tokenMarkets, key);
  const volume = market.volume + amount;
  rows.patch(tokenMarkets, key, { volume, volume_worth: worthOf(volume, rankedOf(market)) });
}
