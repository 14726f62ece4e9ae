import { randomUUID } from 'node:crypto';
import type { Frontier } from '@abland/kernel';
import type pg from 'pg';
import { toldAge } from '../pulses/told-age.js';

/** A range that is ours to read, for a while. Ends included. */
export interface ClaimedRange {
  readonly first: number;
  readonly last: number;
  readonly owner: string;
}

export interface PostgresReadAheadOptions {
  readonly pool: pg.Pool;
  readonly chainId: number;
  /** What the reading of a block depends on, as text. */
  readonly reading: string;
  /** Milliseconds in which a range must be read; then it is anybody's. */
  readonly claimMs?: number;
  /** Ranges right before the publisher, which it reads itself. */
  readonly ownRanges?: number;
  /** Ranges before it that are read, and bytes that wait to be handed over, at most. */
  readonly rangesMax?: number;
  readonly bytesMax?: number;
}

const CLAIM_MS = 60_000;
const OWN_RANGES = 8;
const RANGES_MAX = 200;
const BYTES_MAX = 64 * 1024 * 1024;
/** A publisher that tells nothing for so long hands nothing over. */
const FRONTIER_MS = 60_000;
/** One that ends later than any claim is of before the database's clock was set back. $8: milliseconds of a claim. */
const IS_CLAIMED = `r.expires_at > clock_timestamp() AND r.expires_at <= clock_timestamp() + $8 * interval '1 ms'`;

/**
 * What several indexers of a chain read ahead of the one that publishes; `migrateReadAhead` must have been called. Time is the
 * database's alone.
 */
export class PostgresReadAhead {
  readonly #owner = randomUUID();

  constructor(private readonly options: PostgresReadAheadOptions) {}

  /** By the publisher. What lies behind it is let go. True where others read, or have read, ahead of it. */
  async tell({ epoch, last, next, rangeSize }: Frontier): Promise<boolean> {
    const { chainId, pool, reading } = this.options;
    const { rows } = await pool.query<{ others: boolean }>(
      `WITH told AS (
         INSERT INTO read_ahead.frontiers AS f (chain_id, epoch, reading, next_block, last_block, range_size, told_at)
         VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
         ON CONFLICT (chain_id) DO UPDATE SET epoch = $2, reading = $3, next_block = $4, last_block = $5,
           range_size = $6, told_at = clock_timestamp() WHERE f.epoch <= $2
         RETURNING chain_id
       ), gone AS (
         DELETE FROM read_ahead.ranges r USING told
         WHERE r.chain_id = told.chain_id AND (r.last_block < $4 OR r.reading <> $3)
       )
       SELECT EXISTS (
         SELECT FROM read_ahead.ranges WHERE chain_id = $1 AND reading = $3 AND first_block >= $4
       ) AS others`,
      [chainId, String(epoch), reading, next, last, rangeSize],
    );
    return rows[0]?.others === true;
  }

  /** By the publisher: what was read of a range, which is let go by that; null where nothing was, and nobody is to read it any more. */
  async take(first: number, last: number): Promise<Buffer | null> {
    const { chainId, pool, reading } = this.options;
    const { rows } = await pool.query<{ blocks: Buffer | null }>(
      `DELETE FROM read_ahead.ranges WHERE chain_id = $1 AND first_block = $2 AND last_block = $3 AND reading = $4
       RETURNING blocks`,
      [chainId, first, last, reading],
    );
    return rows[0]?.blocks ?? null;
  }

  /** By any other: the first range that nobody reads, and nobody has read; null where there is none to read now. */
  async claim(): Promise<ClaimedRange | null> {
    const { bytesMax = BYTES_MAX, chainId, claimMs = CLAIM_MS, pool, reading } = this.options;
    const { ownRanges = OWN_RANGES, rangesMax = RANGES_MAX } = this.options;
    const { rows } = await pool.query<{ first_block: string; last_block: string }>(
      `WITH frontier AS (
         SELECT next_block / range_size AS next_range, (last_block + 1) / range_size AS end_range, range_size AS size
         FROM read_ahead.frontiers
         WHERE chain_id = $1 AND reading = $2 AND ${toldAge('told_at')} < $7
           AND $6 > (SELECT coalesce(sum(octet_length(blocks)), 0) FROM read_ahead.ranges WHERE chain_id = $1)
       ), free AS (
         SELECT n * size AS first_block, (n + 1) * size - 1 AS last_block
         FROM frontier, generate_series(next_range + $4::int, least(end_range, next_range + $5::int) - 1) n
         WHERE NOT EXISTS (
           SELECT FROM read_ahead.ranges r WHERE r.chain_id = $1 AND r.first_block = n * size AND r.reading = $2
             AND (r.blocks IS NOT NULL OR (${IS_CLAIMED}))
         ) ORDER BY n LIMIT 1
       )
       INSERT INTO read_ahead.ranges AS r (chain_id, first_block, last_block, reading, owner, expires_at)
       SELECT $1, first_block, last_block, $2, $3, clock_timestamp() + $8 * interval '1 ms' FROM free
       ON CONFLICT (chain_id, first_block) DO UPDATE SET last_block = excluded.last_block, reading = excluded.reading,
         owner = excluded.owner, expires_at = excluded.expires_at, blocks = NULL
         WHERE r.reading <> excluded.reading OR (r.blocks IS NULL AND NOT (${IS_CLAIMED}))
       RETURNING first_block, last_block`,
      [chainId, reading, this.#owner, ownRanges, rangesMax, bytesMax, FRONTIER_MS, claimMs],
    );
    const [row] = rows;
    if (row === undefined) return null;
    return { first: Number(row.first_block), last: Number(row.last_block), owner: this.#owner };
  }

  /** By whoever claimed it. False where it is another's by now, or the publisher has passed it. */
  async deliver({ first, last, owner }: ClaimedRange, blocks: Buffer): Promise<boolean> {
    const { chainId, pool, reading } = this.options;
    const { rowCount } = await pool.query(
      `UPDATE read_ahead.ranges SET blocks = $6
       WHERE chain_id = $1 AND first_block = $2 AND last_block = $3 AND reading = $4 AND owner = $5 AND blocks IS NULL`,
      [chainId, first, last, reading, owner, blocks],
    );
    return rowCount === 1;
  }
}
