import { type Position, silentLogger } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import type pg from 'pg';
import { type EventStoreAt, eventStoreKind } from './open-bare-event-store.js';
import type { EventIndex, StreamPlace } from './reading/stream-place.js';

/** @throws UnknownEventStoreError */
export async function openEventIndex(at: EventStoreAt): Promise<EventIndex> {
  const { connectionString, pool } = typeof at === 'string' ? { connectionString: at } : at;
  if (eventStoreKind(connectionString) === 'postgres')
    return new PostgresEventIndex(pool ?? ownPool(connectionString), pool === undefined);
  const { EventStoreDbIndex } = await import('./eventstoredb/adapter.js');
  return new EventStoreDbIndex(connectionString);
}

const ownPool = (connectionString: string): pg.Pool =>
  openPool({ connectionString, name: 'events', max: 1, logger: silentLogger }); // the next query tells

class PostgresEventIndex implements EventIndex {
  constructor(
    private readonly pool: pg.Pool,
    private readonly isOwn: boolean,
  ) {}

  placeAt(position: Position): Promise<StreamPlace | null> {
    // Beyond what the column holds there is nothing.
    if (position >= 2n ** 63n) return Promise.resolve(null);
    return this.find('position = $1', position.toString());
  }

  placeOf(id: string): Promise<StreamPlace | null> {
    return this.find('event_id = $1', id);
  }

  close(): Promise<void> {
    return this.isOwn ? this.pool.end() : Promise.resolve();
  }

  private async find(condition: string, value: string): Promise<StreamPlace | null> {
    const { rows } = await this.pool.query<{ stream: string; revision: string }>(
      `SELECT stream, revision FROM event_store.events WHERE ${condition} LIMIT 1`,
      [value],
    );
    return rows[0] === undefined ? null : { stream: rows[0].stream, revision: BigInt(rows[0].revision) };
  }
}
