import { priceChange } from '@abland/domain';
import { sql } from 'kysely';
import { WINDOW_SECONDS } from '../markets/volume-window.js';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import { swaps } from '../swaps/tables.js';
import { tokensByAddresses, type TokenView } from '../tokens/queries.js';
import { mostTraded, type MostTradedInput, type TradedToken } from './most-traded.js';

export interface TrendingToken {
  readonly token: TokenView;
  /** Different addresses that swapped it in the window, and their swaps. */
  readonly traders24h: number;
  readonly swaps24h: number;
  /** What was traded of it in the window, in 10^-18 of a whole quote token. */
  readonly volumeWorth24h: string;
  /** Percent, signed decimal text. */
  readonly priceChange24h: string;
  /** What it is ranked by: see `trendOf`. */
  readonly score: string;
}

/**
 * What was traded of a token in the window by worth, times how many times the price of the window's beginning its price is now:
 * volume × (100 + change in percent) / 100, cut. A token that nobody buys any more does not trend, however much of it is sold.
 */
export const trendOf = ({ now, then, volume }: Pick<TradedToken, 'now' | 'then' | 'volume'>): bigint =>
  (volume * now.quote * then.base) / (now.base * then.quote);

/**
 * Of the tokens of which most was traded, those that trend most, the first first. Those that only one address traded come last: one
 * person trading with themselves does not trend.
 */
export async function trendingTokens(
  db: ReadModel,
  input: MostTradedInput & { readonly limit: number },
): Promise<readonly TrendingToken[]> {
  const traded = (await mostTraded(db, input)).map((one) => ({ ...one, score: trendOf(one) }));
  const chosen = traded
    .sort(
      (one, other) =>
        Number(one.byOne) - Number(other.byOne) || byNumber(other.score, one.score) || byText(one, other),
    )
    .slice(0, input.limit);
  const addresses = chosen.map(({ address }) => address);
  const [views, figures] = await Promise.all([
    tokensByAddresses(db, { chainId: input.chainId, addresses, at: input.at }),
    tradersOf(db, { ...input, addresses }),
  ]);
  const tokens = new Map(views.map((view) => [view.address, view]));
  return chosen.flatMap(({ address, now, score, then, volume }) => {
    const [token, told] = [tokens.get(address), figures.get(address)];
    if (token === undefined) return [];
    return [
      {
        token,
        traders24h: Number(told?.traders ?? 0),
        swaps24h: Number(told?.swaps ?? 0),
        volumeWorth24h: volume.toString(),
        priceChange24h: priceChange(then, now),
        score: score.toString(),
      },
    ];
  });
}

export interface Mover {
  readonly token: TokenView;
  /** Percent, signed decimal text. */
  readonly priceChange24h: string;
  /** What was traded of it in the window, in 10^-18 of a whole quote token. */
  readonly volumeWorth24h: string;
}

/** Of the tokens of which most was traded, those whose price rose or fell most since the window began, the first first. */
export async function topMovers(
  db: ReadModel,
  input: MostTradedInput & { readonly limit: number; readonly direction: 'UP' | 'DOWN' },
): Promise<readonly Mover[]> {
  const sign = input.direction === 'UP' ? 1 : -1;
  const moved = (await mostTraded(db, input))
    .filter((token) => compareChange(token, UNMOVED) * sign > 0)
    .sort((one, other) => sign * compareChange(other, one) || byText(one, other))
    .slice(0, input.limit);
  const addresses = moved.map(({ address }) => address);
  const views = await tokensByAddresses(db, { chainId: input.chainId, addresses, at: input.at });
  const tokens = new Map(views.map((view) => [view.address, view]));
  return moved.flatMap(({ address, now, then, volume }) => {
    const token = tokens.get(address);
    if (token === undefined) return [];
    return [{ token, priceChange24h: priceChange(then, now), volumeWorth24h: volume.toString() }];
  });
}

type Prices = Pick<TradedToken, 'now' | 'then'>;

const UNMOVED: Prices = { now: { quote: 1n, base: 1n }, then: { quote: 1n, base: 1n } };

/** Above zero where the price of the first rose by more. */
function compareChange(one: Prices, other: Prices): number {
  const [up, down] = [one, other].map(({ now, then }) => ({
    over: now.quote * then.base,
    under: now.base * then.quote,
  })) as [{ over: bigint; under: bigint }, { over: bigint; under: bigint }];
  return byNumber(up.over * down.under, down.over * up.under);
}

const byNumber = (one: bigint, other: bigint): number => Number(one > other) - Number(one < other);
const byText = (one: TradedToken, other: TradedToken): number => (one.address < other.address ? -1 : 1);

async function tradersOf(
  db: ReadModel,
  {
    addresses,
    at,
    chainId,
    now,
  }: MostTradedInput & { addresses: readonly string[]; at?: At | null | undefined },
): Promise<ReadonlyMap<string, { readonly traders: string; readonly swaps: string }>> {
  const rows = await readAt<{ token: string; traders: string; swaps: string }>(
    db,
    { swaps: [swaps] },
    at,
    (tables) => {
      const of = (side: 'token_in' | 'token_out') =>
        tables.rows(
          swaps,
          'w',
          sql`true`,
          (row) => sql`${row}.chain_id = ${chainId}::bigint AND ${row}.${sql.id(side)} = asked.token
          AND ${row}.block_time > ${now - WINDOW_SECONDS}::bigint AND ${row}.block_time <= ${now}::bigint`,
        );
      return sql`
      SELECT asked.token, count(DISTINCT s.user_address) AS traders, count(*) AS swaps
      FROM unnest(${addresses}::text[]) AS asked(token)
      CROSS JOIN LATERAL (
        SELECT w.user_address FROM ${of('token_in')} UNION ALL SELECT w.user_address FROM ${of('token_out')}) s
      GROUP BY asked.token`;
    },
  );
  return new Map(rows.map((row) => [row.token, row]));
}
