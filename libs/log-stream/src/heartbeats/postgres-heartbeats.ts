import {
  type Heartbeats,
  invariant,
  PUBLISHER_STATES,
  type PublisherHeartbeat,
  type PublisherReport,
  type PublisherState,
} from '@abland/kernel';
import type { Pool } from 'pg';

/** `clock_timestamp()` alone tells the time, so that the clocks of programs need not agree. */
const TELL = {
  name: 'log_stream_tell',
  text: `INSERT INTO log_stream.heartbeats AS old
      (chain_id, told_at, state, state_since, reason, head_number, head_hash, head_time, published_number, contact_at)
    VALUES ($1, clock_timestamp(), $2, clock_timestamp(), $3, $4, $5, $6, $7,
      clock_timestamp() - $8::float8 * interval '1 ms')
    ON CONFLICT (chain_id) DO UPDATE SET told_at = excluded.told_at, state = excluded.state,
      state_since = CASE WHEN old.state = excluded.state THEN old.state_since ELSE excluded.state_since END,
      reason = excluded.reason, head_number = excluded.head_number, head_hash = excluded.head_hash,
      head_time = excluded.head_time, published_number = excluded.published_number,
      contact_at = excluded.contact_at`,
};

const LAST = {
  name: 'log_stream_last_heartbeat',
  text: `SELECT state, reason, head_number, head_hash, head_time, published_number,
      extract(epoch FROM clock_timestamp() - told_at)::float8 * 1000 AS age_ms,
      extract(epoch FROM clock_timestamp() - state_since)::float8 * 1000 AS state_age_ms,
      extract(epoch FROM clock_timestamp() - contact_at)::float8 * 1000 AS contact_age_ms
    FROM log_stream.heartbeats WHERE chain_id = $1`,
};

interface Row {
  readonly state: string;
  readonly reason: string | null;
  readonly head_number: string | null;
  readonly head_hash: string | null;
  readonly head_time: string | null;
  readonly published_number: string | null;
  readonly age_ms: number;
  readonly state_age_ms: number;
  readonly contact_age_ms: number | null;
}

/** A row a chain beside the topics; `migrateLogStream` must have been called. */
export class PostgresHeartbeats implements Heartbeats {
  constructor(private readonly pool: Pool) {}

  async tell({ chainId, contactAgeMs, head, published, reason, state }: PublisherReport): Promise<void> {
    const block = [head?.number ?? null, head?.hash ?? null, head?.time ?? null];
    const values = [chainId, state, reason, ...block, published, contactAgeMs];
    await this.pool.query({ ...TELL, values });
  }

  async last(chainId: number): Promise<PublisherHeartbeat | null> {
    const { rows } = await this.pool.query<Row>({ ...LAST, values: [chainId] });
    return rows[0] === undefined ? null : toHeartbeat(chainId, rows[0]);
  }
}

function toHeartbeat(chainId: number, row: Row): PublisherHeartbeat {
  const { reason, state } = row;
  invariant(isState(state), 'The log stream has a heartbeat of an unknown state', { chainId, state });
  const { head_number: number, head_hash: hash, head_time: time } = row;
  const told = number !== null && hash !== null && time !== null;
  return {
    chainId,
    state,
    reason,
    head: told ? { number: Number(number), hash, time: Number(time) } : null,
    published: row.published_number === null ? null : Number(row.published_number),
    contactAgeMs: row.contact_age_ms,
    ageMs: row.age_ms,
    stateAgeMs: row.state_age_ms,
  };
}

function isState(text: string): text is PublisherState {
  return (PUBLISHER_STATES as readonly string[]).includes(text);
}
