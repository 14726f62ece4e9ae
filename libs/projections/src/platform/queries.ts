import { sql } from 'kysely';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel } from '../read-model/database.js';
import { platformTotals } from './tables.js';

/** Days of an answer at most. */
export const PLATFORM_DAYS_MAX = 366;
const DAY_SECONDS = 86_400;

/** What there is in all. Users: addresses that created a token, swapped or provided liquidity. */
export interface PlatformTotals {
  readonly tokens: number;
  readonly pools: number;
  readonly users: number;
}

export async function platformTotalsOf(
  db: ReadModel,
  { at, chainId }: { readonly chainId: number; readonly at?: At | null | undefined },
): Promise<PlatformTotals> {
  const [row] = await readAt<Record<keyof PlatformTotals, string>>(
    db,
    { platform: [platformTotals] },
    at,
    (tables) => sql`
      SELECT p.tokens, p.pools, p.users
      FROM ${tables.row(platformTotals, 'p', { chain_id: sql`${chainId}::bigint` })}`,
  );
  return {
    tokens: Number(row?.tokens ?? 0),
    pools: Number(row?.pools ?? 0),
    users: Number(row?.users ?? 0),
  };
}

/** What happened on a day, UTC by block time. */
export interface PlatformDay {
  /** Its first second. */
  readonly day: number;
  readonly tokens: number;
  readonly pools: number;
  readonly swaps: number;
  readonly liquidityChanges: number;
  readonly newUsers: number;
  readonly activeUsers: number;
  /** Base units of `quote` that were swapped, in all its pools; null where no quote is given. */
  readonly volume: string | null;
}

/** The days that begin in [from, to], seconds since the epoch, oldest first; the newest `limit` of them. Quiet days have zeros. */
export async function platformDaysOf(
  db: ReadModel,
  input: DaysInput & { readonly chainId: number; readonly quote?: string | null },
): Promise<readonly PlatformDay[]> {
  const { chainId, quote = null } = input;
  const days = daysOf(input);
  const [first = 0, last = -1] = [days[0], days.at(-1)];
  const volumeAs = (token: 'token_a' | 'token_b', volume: 'volume_a' | 'volume_b') => sql`
    SELECT c.bucket_time AS day, c.${sql.id(volume)} AS volume
    FROM read_model.pools q JOIN read_model.candles c ON c.chain_id = q.chain_id AND c.pool_id = q.pool_id
      AND c.interval_seconds = ${DAY_SECONDS}::int AND c.bucket_time BETWEEN ${first}::bigint AND ${last}::bigint
    WHERE q.chain_id = ${chainId}::bigint AND q.${sql.id(token)} = ${quote}`;
  const volumes =
    quote === null
      ? sql`SELECT NULL::bigint AS day, NULL::numeric AS volume WHERE false`
      : sql`
          SELECT day, sum(volume) AS volume
          FROM (${volumeAs('token_a', 'volume_a')} UNION ALL ${volumeAs('token_b', 'volume_b')}) sides GROUP BY day`;
  const { rows } = await sql<DayRow>`
    SELECT d.day, p.tokens, p.pools, p.swaps, p.liquidity_changes, p.new_users, p.active_users, v.volume
    FROM unnest(${days}::bigint[]) AS d(day)
    LEFT JOIN read_model.platform_days p ON p.chain_id = ${chainId}::bigint AND p.day = d.day
    LEFT JOIN (${volumes}) v ON v.day = d.day
    ORDER BY d.day`.execute(db);
  return rows.map((row) => ({
    day: Number(row.day),
    tokens: Number(row.tokens ?? 0),
    pools: Number(row.pools ?? 0),
    swaps: Number(row.swaps ?? 0),
    liquidityChanges: Number(row.liquidity_changes ?? 0),
    newUsers: Number(row.new_users ?? 0),
    activeUsers: Number(row.active_users ?? 0),
    volume: quote === null ? null : (row.volume ?? '0'),
  }));
}

type Count = string | null;

interface DayRow {
  readonly day: string;
  readonly tokens: Count;
  readonly pools: Count;
  readonly swaps: Count;
  readonly liquidity_changes: Count;
  readonly new_users: Count;
  readonly active_users: Count;
  readonly volume: string | null;
}

interface DaysInput {
  readonly from: number;
  readonly to: number;
  /** Seconds since the epoch: no day begins after it. */
  readonly now: number;
  /** At most PLATFORM_DAYS_MAX. */
  readonly limit: number;
}

function daysOf({ from, limit, now, to }: DaysInput): readonly number[] {
  const last = Math.floor(Math.min(to, now) / DAY_SECONDS);
  const days = Math.min(limit, PLATFORM_DAYS_MAX);
  const first = Math.max(Math.ceil(Math.max(from, 0) / DAY_SECONDS), last - days + 1);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => (first + index) * DAY_SECONDS);
}
