import type { Json } from '@abland/kernel';
import type pg from 'pg';
import { TOLD_MS_MAX } from './pulse.js';
import { toldAge } from './told-age.js';

/** What a program tells of one of its parts beyond its pulse; who tells it keeps it small. */
export interface PartDetail {
  readonly part: string;
  /** The same while nothing of it changed but ages, which grow by themselves. */
  readonly mark: string;
  /** The same while nothing changed that is to be told before the next pulse is. */
  readonly urgent?: string;
  readonly detail: Json;
}

export interface ToldDetail {
  readonly detail: Json;
  /** Milliseconds since it was written: by so much the ages in it are older. */
  readonly writtenAgeMs: number;
  /** Milliseconds since its program last told anything of the part, by which it still held; it is told no more where that is long ago. */
  readonly heldAgeMs: number;
  /** Whether the program that told it still runs the part. */
  readonly holds: boolean;
}

export async function writeDetail(
  pool: pg.Pool,
  instance: string,
  { detail, part }: PartDetail,
): Promise<void> {
  await pool.query({
    name: 'write-part-detail',
    text: `INSERT INTO leases.part_details (part, instance, detail, written_at) VALUES ($1, $2, $3, clock_timestamp())
           ON CONFLICT (part) DO UPDATE SET instance = EXCLUDED.instance, detail = EXCLUDED.detail,
             written_at = EXCLUDED.written_at`,
    values: [part, instance, JSON.stringify(detail)],
  });
}

interface DetailRow {
  part: string;
  detail: Json;
  written_age: number;
  beat_age: number | null;
}

/** By part: of those that are named, or whose name begins so. */
export async function readDetails(
  pool: pg.Pool,
  of: readonly string[] | { readonly prefix: string },
): Promise<ReadonlyMap<string, ToldDetail>> {
  const [parts, prefix] = 'prefix' in of ? [null, of.prefix] : [of, ''];
  const { rows } = await pool.query<DetailRow>({
    name: 'read-part-details',
    // With its sign: what was written ahead of the clock by who lives is as new as can be.
    text: `SELECT d.part, d.detail, (extract(epoch FROM clock_timestamp() - d.written_at) * 1000)::float8 AS written_age, ${toldAge('p.beat_at')} AS beat_age
           FROM leases.part_details d
           LEFT JOIN leases.pulses p ON p.part = d.part AND p.instance = d.instance AND p.state <> 'STANDBY'
           WHERE starts_with(d.part, $2) AND ($1::text[] IS NULL OR d.part = ANY ($1)) ORDER BY d.part`,
    values: [parts, prefix],
  });
  return new Map(rows.map((row) => [row.part, toldDetail(row)]));
}

function toldDetail({ beat_age: beatAgeMs, detail, written_age: writtenAgeMs }: DetailRow): ToldDetail {
  const holds = beatAgeMs !== null && beatAgeMs <= TOLD_MS_MAX;
  // By a clock that was set back since it was written.
  const age = holds ? Math.max(0, writtenAgeMs) : Math.abs(writtenAgeMs);
  return { detail, writtenAgeMs: age, heldAgeMs: Math.min(age, beatAgeMs ?? Infinity), holds };
}
