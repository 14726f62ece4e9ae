import type { PartState } from '@abland/kernel';
import type pg from 'pg';
import { type Pulse, TOLD_MS_MAX } from './pulse.js';
import { toldAge } from './told-age.js';

/** A pulse as its program last told it; its ages are those of now, by the database's clock. */
export interface ToldPulse extends Pulse {
  /** Milliseconds since it was told. */
  readonly beatAgeMs: number;
}

/** Tells the pulses of one program's run in place of those that it told before. */
export async function writePulses(pool: pg.Pool, instance: string, pulses: readonly Pulse[]): Promise<void> {
  await pool.query({
    name: 'write-pulses',
    text: `INSERT INTO leases.pulses AS p (part, instance, state, failure, handled_at, contact_at, reached, head, beat_at)
           SELECT part, $1, state, failure, clock_timestamp() - handled * interval '1 ms',
             clock_timestamp() - contact * interval '1 ms', reached, head, clock_timestamp()
           FROM unnest($2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[], $7::numeric[], $8::numeric[])
             AS told(part, state, failure, handled, contact, reached, head)
           ON CONFLICT (part, instance) DO UPDATE SET state = EXCLUDED.state, failure = EXCLUDED.failure,
             handled_at = EXCLUDED.handled_at, contact_at = EXCLUDED.contact_at, reached = EXCLUDED.reached,
             head = EXCLUDED.head, beat_at = EXCLUDED.beat_at`,
    values: [
      instance,
      pulses.map(({ part }) => part),
      pulses.map(({ state }) => state),
      pulses.map(({ failure }) => failure),
      pulses.map(({ handledAgeMs }) => handledAgeMs),
      pulses.map(({ contactAgeMs }) => contactAgeMs),
      pulses.map(({ reached }) => reached?.toString() ?? null),
      pulses.map(({ head }) => head?.toString() ?? null),
    ],
  });
}

/** Untells them: what a run told that has ended is true no more. */
export async function removePulses(pool: pg.Pool, instance: string): Promise<void> {
  await pool.query('DELETE FROM leases.pulses WHERE instance = $1', [instance]);
}

/** Lets go of what programs told that ended long ago. */
export async function forgetOldPulses(pool: pg.Pool): Promise<void> {
  await pool.query(`DELETE FROM leases.pulses WHERE ${toldAge('beat_at')} > 3600000`);
}

interface PulseRow {
  part: string;
  state: string;
  failure: string | null;
  handled_age: number | null;
  contact_age: number | null;
  reached: string | null;
  head: string | null;
  beat_age: number;
}

/**
 * The newest pulse of each part, of who runs it or ran it last; who stands by tells nothing of the part. Of a part with a lease, which
 * one program does at a time, who failed at it tells nothing as long as another does it. Where several do a part, each something of
 * it, as with `projections`, the one that fails is told: what it does is done by no other.
 * @param withinMs after which a connection that has not answered says nothing any more, so that all like it are given up; default: the pool's
 */
export async function readPulses(pool: pg.Pool, withinMs?: number): Promise<ReadonlyMap<string, ToldPulse>> {
  const { rows } = await pool.query<PulseRow>({
    name: 'read-pulses',
    ...(withinMs === undefined ? {} : { query_timeout: withinMs }),
    text: `SELECT DISTINCT ON (part) part, state, failure, ${toldAge('handled_at')} AS handled_age,
             ${toldAge('contact_at')} AS contact_age, reached, head, ${toldAge('beat_at')} AS beat_age
           FROM leases.pulses p WHERE state <> 'STANDBY' ORDER BY part, (${toldAge('beat_at')} < $1 AND CASE
             WHEN EXISTS (SELECT FROM leases.leases l WHERE l.name = p.part) THEN state = 'RUNNING' AND failure IS NULL
             ELSE failure IS NOT NULL END) DESC, beat_age`,
    values: [TOLD_MS_MAX],
  });
  return new Map(rows.map((row) => [row.part, toldPulse(row)]));
}

function toldPulse(row: PulseRow): ToldPulse {
  return {
    part: row.part,
    state: row.state as PartState, // written by writePulses alone
    failure: row.failure,
    handledAgeMs: row.handled_age,
    contactAgeMs: row.contact_age,
    reached: row.reached === null ? null : BigInt(row.reached),
    head: row.head === null ? null : BigInt(row.head),
    beatAgeMs: row.beat_age,
  };
}
