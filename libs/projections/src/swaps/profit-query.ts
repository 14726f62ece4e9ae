import { type Trade, tradingProfit, type TradingProfit } from '@abland/domain';
import { sql } from 'kysely';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import { TooManySwapsError } from '../read-model/errors.js';
import type { Sql } from '../read-model/tables.js';
import { swaps } from './tables.js';

/** Swaps of one person in one pool that profit is reckoned from at most. */
export const PROFIT_SWAPS_MAX = 20_000;

export interface ProfitInput {
  readonly chainId: number;
  readonly poolId: string;
  readonly user: string;
  /** The side whose trades are counted; the other is the quote. */
  readonly token: string;
  readonly at?: At | null | undefined;
}

/**
 * What a person's swaps of a token in a pool came to, by first in, first out.
 * @throws TooManySwapsError
 */
export async function profitOf(
  db: ReadModel,
  { at, chainId, poolId, token, user }: ProfitInput,
  swapsMax = PROFIT_SWAPS_MAX,
): Promise<TradingProfit> {
  const lastingOrder = (row: Sql): Sql => sql`${row}.block_number, ${row}.log_index`;
  const rows = await readAt<SwapRow>(
    db,
    { swaps: [swaps] },
    at,
    (tables) => sql`
      SELECT w.token_in, w.amount_in, w.amount_out
      FROM ${tables.page(swaps, 'w', {
        where: sql`true`,
        scope: (row) => sql`
          ${row}.chain_id = ${chainId}::bigint AND ${row}.user_address = ${user} AND ${row}.pool_id = ${poolId}`,
        order: lastingOrder(sql`w`),
        lastingOrder,
        limit: swapsMax + 1,
      })} ORDER BY ${lastingOrder(sql`w`)}`,
  );
  if (rows.length > swapsMax) throw new TooManySwapsError(swapsMax);
  return tradingProfit(rows.map((row) => tradeOf(row, token)));
}

interface SwapRow {
  token_in: string;
  amount_in: string;
  amount_out: string;
}

function tradeOf({ amount_in, amount_out, token_in }: SwapRow, token: string): Trade {
  const [paid, got] = [BigInt(amount_in), BigInt(amount_out)];
  return token_in === token
    ? { kind: 'SELL', amount: paid, quote: got }
    : { kind: 'BUY', amount: got, quote: paid };
}
