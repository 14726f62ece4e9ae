import { type Price, wholePrice } from '@abland/domain';
import { sql } from 'kysely';
import { foreignTokens } from '../foreign-tokens/tables.js';
import { tokenMarkets } from '../markets/tables.js';
import { pools } from '../pools/tables.js';
import { readAt } from '../read-model/at.js';
import type { ReadModel } from '../read-model/database.js';
import type { At } from '../read-model/past-state.js';
import type { Sql, Tables } from '../read-model/tables.js';
import { tokens } from '../tokens/tables.js';

/** What a token costs in one that the asker names, by the spot prices of the pools between them. */
export interface PriceThroughPools {
  readonly quoteToken: string;
  /** The pools from the token to the quote token, at most three; none for the quote token itself. */
  readonly poolIds: readonly string[];
  /** Base units of the quote token for `denominator` base units of the token, exactly. */
  readonly numerator: string;
  readonly denominator: string;
  /** Whole quote tokens for one whole token, 18 significant digits, cut; null where the decimals of one are not known. */
  readonly value: string | null;
}

/** Pools on the way at most. */
const STEPS = 3;

const READS = {
  tokens: [tokens],
  'foreign-tokens': [foreignTokens],
  markets: [tokenMarkets],
  pools: [pools],
};

/**
 * Of the tokens of the factory among the addresses, those with a way to the quote token: their pool with it, where both sides of that
 * hold something, else by way of the token that they are priced in themselves, at their reference pool, and so on. So nobody changes
 * such a price who cannot change one of the prices on the way, and no more is read than a few rows a token.
 */
export async function pricesIn(
  db: ReadModel,
  input: {
    readonly chainId: number;
    readonly addresses: readonly string[];
    readonly quote: string;
    readonly at?: At | null | undefined;
  },
): Promise<ReadonlyMap<string, PriceThroughPools>> {
  const rows = await readAt<WayRow>(db, READS, input.at, (tables) => waysOf(tables, input));
  return new Map(
    rows.flatMap((row) => {
      const found = priceOf(row, input.quote);
      return found === null ? [] : [[row.address, found] as const];
    }),
  );
}

/** A pool, from the token that is sold to the one that is paid with; base units. */
type Step = readonly [poolId: string, sold: string, paid: string];

interface WayRow {
  address: string;
  decimals: number | null;
  quote_decimals: number | null;
  /** With the quote token, of the token and of each on the way; null where there is none, or nothing in it. */
  direct: readonly (Step | null)[];
  /** The reference pool of the same; null without one. */
  reference: readonly (Step | null)[];
}

function priceOf(row: WayRow, quote: string): PriceThroughPools | null {
  const steps = stepsOf(row, quote);
  if (steps === null) return null;
  const price: Price = steps.reduce(
    (sofar, [, sold, paid]) => ({ quote: sofar.quote * BigInt(paid), base: sofar.base * BigInt(sold) }),
    { quote: 1n, base: 1n },
  );
  return {
    quoteToken: quote,
    poolIds: steps.map(([poolId]) => poolId),
    numerator: price.quote.toString(),
    denominator: price.base.toString(),
    value: wholePrice(price, { quote: row.quote_decimals, base: row.decimals }),
  };
}

function stepsOf({ address, direct, reference }: WayRow, quote: string): readonly Step[] | null {
  if (address === quote) return [];
  const way: Step[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    const last = direct[step] ?? null;
    if (last !== null) return [...way, last];
    const next = reference[step] ?? null;
    if (next === null) return null;
    way.push(next);
  }
  return null;
}

function waysOf(
  tables: Tables,
  { addresses, chainId, quote }: { chainId: number; addresses: readonly string[]; quote: string },
): Sql {
  const chain = sql`${chainId}::bigint`;
  const token = (alias: string, address: Sql): Sql => tables.row(tokens, alias, { chain_id: chain, address });
  const market = (alias: string, address: Sql): Sql =>
    tables.row(tokenMarkets, alias, { chain_id: chain, token: address });
  return sql`
    SELECT t.address, t.decimals, coalesce(q.decimals, f.decimals) AS quote_decimals,
      json_build_array(${directStep('d1', quote)}, ${directStep('d2', quote)}, ${directStep('d3', quote)}) AS direct,
      json_build_array(${referenceStep('m1')}, ${referenceStep('m2')}) AS reference
    FROM (SELECT DISTINCT address FROM unnest(${addresses}::text[]) AS u(address)) asked
    JOIN ${token('t', sql`asked.address`)} ON true
    LEFT JOIN ${market('m1', sql`t.address`)} ON true
    LEFT JOIN ${market('m2', sql`m1.other`)} ON true
    LEFT JOIN ${poolBetween(tables, 'd1', chainId, sql`t.address`, quote)} ON true
    LEFT JOIN ${poolBetween(tables, 'd2', chainId, sql`m1.other`, quote)} ON true
    LEFT JOIN ${poolBetween(tables, 'd3', chainId, sql`m2.other`, quote)} ON true
    LEFT JOIN ${token('q', sql`${quote}::text`)} ON true
    LEFT JOIN ${tables.row(foreignTokens, 'f', { chain_id: chain, address: sql`${quote}::text` })} ON q.address IS NULL`;
}

/** The pool of a token and the quote token, where both sides hold something. */
const poolBetween = (tables: Tables, alias: string, chainId: number, token: Sql, quote: string): Sql =>
  tables.rows(
    pools,
    alias,
    sql`${sql.id(alias)}.reserve_a > 0 AND ${sql.id(alias)}.reserve_b > 0`,
    (row) => sql`${row}.chain_id = ${chainId}::bigint AND (
      (${row}.token_a = ${token} AND ${row}.token_b = ${quote}) OR (${row}.token_a = ${quote} AND ${row}.token_b = ${token}))`,
  );

function directStep(alias: string, quote: string): Sql {
  const p = sql.id(alias);
  return sql`CASE WHEN ${p}.pool_id IS NULL THEN NULL
    WHEN ${p}.token_a = ${quote} THEN json_build_array(${p}.pool_id, ${p}.reserve_b::text, ${p}.reserve_a::text)
    ELSE json_build_array(${p}.pool_id, ${p}.reserve_a::text, ${p}.reserve_b::text) END`;
}

function referenceStep(alias: string): Sql {
  const m = sql.id(alias);
  return sql`CASE WHEN ${m}.own_reserve > 0 AND ${m}.other_reserve > 0
    THEN json_build_array(${m}.pool_id, ${m}.own_reserve::text, ${m}.other_reserve::text) END`;
}
